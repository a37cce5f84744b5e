/// Numbers from bytes of which nobody knows whether they are there.
struct BigEndianReader {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The number at an offset; an ``ImageRefusal`` where the bytes end before.
  func number<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) throws -> Number {
    let size = Number.bitWidth / 8
    guard offset >= 0, offset <= bytes.count - size else { throw ImageRefusal("it is cut off within its header") }
    return bytes.withUnsafeBytes { Number(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
  }

  /// As many of the bytes from an offset as there are.
  func bytes(at offset: UInt64, count: UInt64) -> ArraySlice<UInt8> {
    guard offset < UInt64(bytes.count) else { return [] }
    let end = min(UInt64(bytes.count), offset + min(count, UInt64(bytes.count)))
    return bytes[Int(offset)..<Int(end)]
  }
}
