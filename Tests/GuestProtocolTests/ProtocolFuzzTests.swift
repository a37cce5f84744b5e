import Glibc
import TestSupport
import Testing

@testable import GuestProtocol

/// Bytes that nobody checked, into everything that reads bytes. `NESTOR_FUZZ_SECONDS` bounds the time (2 by default),
/// `NESTOR_TEST_SEED` repeats a run.
@Suite("The protocol's readers, with bytes changed at random") struct ProtocolFuzzTests {
  private static var seconds: Int {
    getenv("NESTOR_FUZZ_SECONDS").flatMap { Int(String(cString: $0)) }.map { max(0, min($0, 86_400)) } ?? 2
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard !bytes.isEmpty else { return bytes.append(.random(in: 0...255, using: &generator)) }
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0...5, using: &generator) {
      case 0: bytes[place] = .random(in: 0...255, using: &generator)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &generator)))
      case 3:
        bytes.insert(contentsOf: bytes[place...].prefix(30), at: Int.random(in: 0...bytes.count, using: &generator))
      case 4:
        bytes.insert(
          contentsOf: [0xff, 0xff, 0xff, 0xff, 0x0f].prefix(Int.random(in: 1...5, using: &generator)), at: place)
      default: bytes.append(.random(in: 0...255, using: &generator))
      }
    }
  }

  private func hold<Value: Message>(_: Value.Type, _ bytes: [UInt8]) throws {
    do throws(ProtocolError) {
      let value = try Value(decoding: bytes)
      let again = try Value(decoding: value.encoded)
      try? #require(again == value, "\(bytes)")
    } catch {
      #expect(error.code == .malformed || error.code == .unsupported)
    }
  }

  @Test("read messages or refuse them, and write what they read the same again")
  func messages() throws {
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "message fuzz"))
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(500 * Self.seconds)
    var corpus: [[UInt8]] = [[]]
    repeat {
      var bytes = corpus.randomElement(using: &generator) ?? []
      mutate(&bytes, &generator)
      if bytes.count < 400, corpus.count < 500 { corpus.append(bytes) }
      for type in EveryMessage.types { try hold(type, bytes) }
    } while clock.now < end
  }

  @Test("find sessions or none in bytes that were changed on the way, and never accept a stranger")
  func handshakes() throws {
    let key = try GuestKey.random(for: try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90")))
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "handshake fuzz"))
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(500 * Self.seconds)
    var accepted = 0
    var tried = 0
    repeat {
      tried += 1
      var client = ClientHandshake(key: key, program: "c")
      var agent = AgentHandshake(key: key, program: "a")
      var toAgent = client.opening
      let changed = Int.random(in: 0...3, using: &generator)
      if changed == 0 { mutate(&toAgent, &generator) }
      var steps = 0
      var isOver = false
      while !isOver, steps < 20 {
        steps += 1
        switch agent.receive(toAgent) {
        case .send(var bytes):
          if changed == 1 { mutate(&bytes, &generator) }
          guard let result = try? client.receive(bytes) else {
            isOver = true
            break
          }
          toAgent = result.answer
          if changed == 2 { mutate(&toAgent, &generator) }
        case .accepted:
          accepted += 1
          isOver = true
        case .refused, nil: isOver = true
        }
      }
    } while clock.now < end
    print("handshake fuzz: \(tried) tried, \(accepted) accepted")
    #expect(Self.seconds == 0 || accepted > 0)
  }

  @Test("read keys or refuse them")
  func keys() throws {
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "key fuzz"))
    let file = try GuestKey.random(for: try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90"))).file
    for _ in 0..<3_000 {
      var bytes = file
      mutate(&bytes, &generator)
      guard let key = try? GuestKey(file: bytes) else { continue }
      #expect(try GuestKey(file: key.file).bytes == key.bytes)
    }
  }
}
