/// The first eight bytes of a frame: payload length (4 bytes), type (1), zero (1), stream (2), little-endian.
package struct FrameHeader: Sendable, Equatable {
  /// The number of bytes of an encoded header.
  package static let size = 8

  package var type: FrameType
  /// The stream that it belongs to; 0 where the type has none.
  package var stream: UInt16
  /// The number of bytes that follow, at most ``ProtocolLimits/maximumPayload``.
  package var length: Int

  package init(_ type: FrameType, stream: UInt16 = 0, length: Int = 0) {
    self.type = type
    self.stream = stream
    self.length = length
  }

  /// Reads a header from at least eight bytes; throws ``ProtocolError/Code/malformed`` for what cannot be one.
  package init(decoding bytes: UnsafeRawBufferPointer) throws(ProtocolError) {
    guard bytes.count >= Self.size else { throw ProtocolError(.malformed, "a frame ends within its header") }
    let length = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
    guard length <= UInt32(ProtocolLimits.maximumPayload) else {
      throw ProtocolError(.malformed, "a frame claims \(length) bytes, more than \(ProtocolLimits.maximumPayload)")
    }
    guard let type = FrameType(rawValue: bytes[4]) else {
      throw ProtocolError(.malformed, "there is no frame of type \(bytes[4])")
    }
    guard bytes[5] == 0 else { throw ProtocolError(.malformed, "a frame's sixth byte is \(bytes[5]) instead of 0") }
    self.type = type
    self.stream = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    self.length = Int(length)
  }

  /// Writes the header into eight bytes.
  package func encode(into bytes: UnsafeMutableRawBufferPointer) {
    bytes.storeBytes(of: UInt32(length).littleEndian, toByteOffset: 0, as: UInt32.self)
    bytes.storeBytes(of: type.rawValue, toByteOffset: 4, as: UInt8.self)
    bytes.storeBytes(of: 0, toByteOffset: 5, as: UInt8.self)
    bytes.storeBytes(of: stream.littleEndian, toByteOffset: 6, as: UInt16.self)
  }
}
