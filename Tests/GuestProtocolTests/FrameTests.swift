import Testing

@testable import GuestProtocol

@Suite("Frames") struct FrameTests {
  private func header(_ bytes: [UInt8]) throws(ProtocolError) -> FrameHeader {
    var result: Result<FrameHeader, ProtocolError> = .failure(ProtocolError(.invalid, ""))
    bytes.withUnsafeBytes { bytes in result = Result { () throws(ProtocolError) in try FrameHeader(decoding: bytes) } }
    return try result.get()
  }

  private func encoded(_ header: FrameHeader) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xaa, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes { header.encode(into: $0) }
    return bytes
  }

  @Test("have headers of eight bytes: length, type, zero, stream")
  func layout() {
    #expect(encoded(FrameHeader(.data, stream: 0x1234, length: 0xabcd)) == [0xcd, 0xab, 0, 0, 4, 0, 0x34, 0x12])
    #expect(encoded(FrameHeader(.cancel)) == [0, 0, 0, 0, 20, 0, 0, 0])
  }

  @Test("of every type, stream and length are read as they were written")
  func roundTrip() throws {
    for type in FrameType.allCases {
      for stream in [0, 1, 255, 256, 65_535] as [UInt16] {
        for length in [0, 1, 65_535, 65_536] {
          let written = FrameHeader(type, stream: stream, length: length)
          #expect(try header(encoded(written)) == written)
        }
      }
    }
  }

  @Test(
    "are refused when they are too long, of no type, or have a byte that must be zero",
    arguments: [
      [1, 0, 1, 0, 4, 0, 0, 0], [0, 0, 0, 0x80, 4, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 21, 0, 0, 0],
      [0, 0, 0, 0, 255, 0, 0, 0], [0, 0, 0, 0, 4, 1, 0, 0], [0, 0, 0, 0, 4, 0, 0], [],
    ] as [[UInt8]])
  func refused(bytes: [UInt8]) {
    #expect { try header(bytes) } throws: { ($0 as? ProtocolError)?.code == .malformed }
  }

  @Test("are neither zeros nor the begin of a packet, by which a port finds its way back")
  func resynchronisation() {
    #expect(throws: ProtocolError.self) { try header([UInt8](repeating: 0, count: 8)) }
    #expect(throws: ProtocolError.self) { try header(HandshakePacket.magic) }
  }

  @Test("carry numbers of exactly their size")
  func numbers() throws {
    #expect(try Frame(.credit, payload: [1, 2, 3, 0x84]).number() == 0x8403_0201)
    #expect(try Frame(.hole, payload: [1, 0, 0, 0, 0, 0, 0, 0x80]).longNumber() == 0x8000_0000_0000_0001)
    for count in [0, 3, 5, 7, 9] {
      let frame = Frame(.credit, payload: [UInt8](repeating: 1, count: count))
      #expect { try frame.number() } throws: { ($0 as? ProtocolError)?.code == .malformed }
      #expect { try frame.longNumber() } throws: { ($0 as? ProtocolError)?.code == .malformed }
    }
  }
}
