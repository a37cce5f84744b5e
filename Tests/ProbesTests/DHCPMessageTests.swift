import Glibc
import NestorSupport
import Testing

@testable import Probes

@Suite("DHCP's messages")
struct DHCPMessageTests {
  private let address: [UInt8] = [2, 1, 2, 3, 4, 5]

  /// An offer made by hand: 192.168.7.9 by 192.168.7.1.
  private func offer(type: UInt8 = 2, transaction: [UInt8] = [1, 2, 3, 4], server: [UInt8] = [54, 4, 192, 168, 7, 1])
    -> [UInt8]
  {
    var frame = [UInt8](repeating: 0xff, count: 12) + [8, 0]
    frame += [0x45, 0, 1, 72, 0, 0, 0, 0, 64, 17, 0, 0, 192, 168, 7, 254, 255, 255, 255, 255]
    frame += [0, 67, 0, 68, 1, 52, 0, 0]
    frame += [2, 1, 6, 0] + transaction + [0, 0, 0x80, 0, 0, 0, 0, 0, 192, 168, 7, 9]
    frame += [UInt8](repeating: 0, count: 216) + [0x63, 0x82, 0x53, 0x63]
    return frame + [0, 53, 1, type] + server + [255]
  }

  @Test("look as RFC 2131 and RFC 791 have them")
  func discover() {
    let frame = DHCPMessage.discover(from: address, transaction: 0x0102_0304)
    #expect(Array(frame[0..<14]) == [255, 255, 255, 255, 255, 255] + address + [8, 0])
    // The sum over a header with its checksum is all ones.
    let sum = stride(from: 14, to: 34, by: 2).reduce(UInt32(0)) { $0 + UInt32(frame[$1]) << 8 + UInt32(frame[$1 + 1]) }
    #expect((sum & 0xffff) + (sum >> 16) == 0xffff)
    #expect(Int(frame[16]) << 8 + Int(frame[17]) == frame.count - 14)
    #expect(Int(frame[38]) << 8 + Int(frame[39]) == frame.count - 34)
    #expect(Array(frame[34..<38]) == [0, 68, 0, 67])
    #expect(Array(frame[42..<46]) == [1, 1, 6, 0] && Array(frame[46..<50]) == [1, 2, 3, 4])
    #expect(Array(frame[70..<76]) == address)
    #expect(Array(frame[278..<285]) == [0x63, 0x82, 0x53, 0x63, 53, 1, 1])
  }

  @Test("say which address is offered, and by whom")
  func offers() {
    #expect(
      DHCPMessage.offer(in: offer(), transaction: 0x0102_0304)
        == DHCPOffer(address: "192.168.7.9", server: "192.168.7.1"))
    // Without the option the sender's address has to do.
    #expect(DHCPMessage.offer(in: offer(server: []), transaction: 0x0102_0304)?.server == "192.168.7.254")
  }

  @Test("that are something else are no offer")
  func others() {
    #expect(DHCPMessage.offer(in: offer(type: 5), transaction: 0x0102_0304) == nil)
    #expect(DHCPMessage.offer(in: offer(transaction: [1, 2, 3, 5]), transaction: 0x0102_0304) == nil)
    #expect(
      DHCPMessage.offer(in: DHCPMessage.discover(from: address, transaction: 1), transaction: 1) == nil)
  }

  @Test("that are cut off anywhere, or lie about their lengths, are no offer and no crash")
  func hostile() {
    let whole = offer()
    for length in 0..<whole.count - 12 {
      #expect(DHCPMessage.offer(in: whole.prefix(length), transaction: 0x0102_0304) == nil)
    }
    for index in whole.indices {
      var bent = whole
      bent[index] = 0xff
      _ = DHCPMessage.offer(in: bent, transaction: 0x0102_0304)
    }
    var long = whole
    long[14] = 0x4f
    #expect(DHCPMessage.offer(in: long, transaction: 0x0102_0304) == nil)
  }

  @Test("go nowhere without a bridge, and the error names it", .enabled(if: geteuid() == 0, "needs root"))
  func noBridge() throws {
    let failure = #expect(throws: DHCPProbe.Failure.self) {
      try DHCPProbe(bridge: "nestor-nobridge", timeLimit: .milliseconds(100)).run()
    }
    switch failure {
    case .join(let error): #expect(error.number == ENODEV && error.call.contains("nestor-nobridge"))
    case .tap(let error): #expect(access("/dev/net/tun", R_OK | W_OK) != 0, "\(error)")
    case .silence, nil: Issue.record("a bridge that is not there cannot be silent")
    }
  }
}
