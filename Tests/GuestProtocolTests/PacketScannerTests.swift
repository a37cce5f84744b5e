import TestSupport
import Testing

@testable import GuestProtocol

@Suite("Packets in a stream of anything") struct PacketScannerTests {
  private let hello = HandshakePacket(.clientHello, [1, 2, 3])

  @Test("are eleven bytes and a body")
  func layout() {
    #expect(
      HandshakePacket(.agentProof, [UInt8](repeating: 7, count: 258)).encoded.prefix(12)
        == [0x89, 0x4e, 0x53, 0x54, 0x52, 0x0d, 0x0a, 0x1a, 3, 2, 1, 7])
  }

  @Test("are found in pieces of any size, behind anything")
  func pieces() {
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "scanner"))
    for _ in 0..<300 {
      var stream: [UInt8] = []
      var expected: [HandshakePacket] = []
      var noise = 0
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        // Noise has the magic's first byte often, but never all of it.
        let bytes = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
          Bool.random(using: &generator) ? 0x89 : UInt8.random(in: 0...255, using: &generator)
        }
        noise += bytes.count
        let body = (0..<Int.random(in: 0...ProtocolLimits.maximumPacketBody, using: &generator)).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
        let kind = HandshakePacket.Kind(rawValue: .random(in: 1...5, using: &generator)) ?? .refusal
        expected.append(HandshakePacket(kind, body))
        stream += bytes + expected[expected.count - 1].encoded
      }
      var scanner = PacketScanner()
      var found: [HandshakePacket] = []
      var rest = stream[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...min(rest.count, 700), using: &generator)
        scanner.append(rest.prefix(count))
        rest = rest.dropFirst(count)
        while let packet = scanner.next() { found.append(packet) }
      }
      #expect(found == expected)
      #expect(scanner.skipped == noise)
      #expect(scanner.rest.isEmpty)
    }
  }

  @Test("leave the bytes behind them alone")
  func rest() {
    var scanner = PacketScanner(Array("noise".utf8))
    scanner.append(hello.encoded + [9, 9])
    #expect(scanner.next() == hello)
    #expect(scanner.rest == [9, 9])
    #expect(scanner.skipped == 5)
  }

  @Test(
    "are no packets with a kind or a length that there is not, and hide none behind them",
    arguments: [
      [0, 0, 0], [6, 0, 0], [255, 0, 0], [1, 1, 4], [1, 0xff, 0xff],
    ] as [[UInt8]])
  func impostors(end: [UInt8]) {
    var scanner = PacketScanner(HandshakePacket.magic + end + hello.encoded)
    #expect(scanner.next() == hello)
    #expect(scanner.skipped == 11)
  }

  @Test("need no more memory than one of them, whatever comes")
  func memory() {
    var scanner = PacketScanner()
    for _ in 0..<1_000 {
      scanner.append([UInt8](repeating: 0x89, count: 4_096))
      #expect(scanner.next() == nil)
      #expect(scanner.rest.count <= HandshakePacket.headerSize + ProtocolLimits.maximumPacketBody)
    }
  }
}
