import TestSupport
import Testing

@testable import GuestProtocol

@Suite("Credit") struct WindowTests {
  @Test("is spent by sending and comes back by grants, never beyond the limit")
  func sending() throws {
    var window = SendWindow(100_000)
    #expect(window.allowed() == 65_536)
    #expect(window.allowed(10) == 10)
    window.spend(65_536)
    #expect(window.allowed() == 34_464)
    window.spend(34_464)
    #expect(window.allowed() == 0)
    try window.grant(5)
    #expect(window.allowed() == 5)
    try window.grant(ProtocolLimits.maximumWindow - 5)
    for count in [1, UInt32.max] {
      #expect { try window.grant(count) } throws: { ($0 as? ProtocolError)?.code == .overrun }
    }
    #expect(SendWindow(.max).available == ProtocolLimits.maximumWindow)
    window.spend(.max)
    #expect(window.available == 0)
  }

  @Test("that was not given is an overrun")
  func overrun() throws {
    var window = ReceiveWindow(1_000)
    try window.receive(1_000)
    #expect { try window.receive(1) } throws: { ($0 as? ProtocolError)?.code == .overrun }
    try window.receive(0)
    #expect(window.consume(249) == nil)
    #expect(window.consume(1) == 250)
    try window.receive(250)
    #expect { try window.receive(1) } throws: { ($0 as? ProtocolError)?.code == .overrun }
  }

  @Test("of both sides stays in step, however the bytes come")
  func together() throws {
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "windows"))
    for _ in 0..<50 {
      let size = UInt32.random(in: 4...200_000, using: &generator)
      var (sender, receiver) = (SendWindow(size), ReceiveWindow(size))
      var held = 0
      var moved = 0
      for _ in 0..<2_000 {
        if Bool.random(using: &generator) {
          let count = sender.allowed(Int.random(in: 0...70_000, using: &generator))
          sender.spend(count)
          try receiver.receive(count)
          held += count
          moved += count
        } else {
          let count = Int.random(in: 0...held, using: &generator)
          held -= count
          if let credit = receiver.consume(count) { try sender.grant(credit) }
        }
        #expect(Int(sender.available) + held <= Int(size))
      }
      // Whatever was not granted yet is less than a quarter.
      if let credit = receiver.consume(held) { try sender.grant(credit) }
      #expect(sender.available > size - (size / 4 + 1))
      #expect(moved > 0)
    }
  }
}
