/// Reads the fields of a message in the order in which they were written, see ``MessageWriter``.
///
/// What it reads is hostile until checked: lengths beyond the message, numbers beyond 64 bits and wire types that the
/// format does not have end in ``ProtocolError/Code/malformed``.
package struct MessageReader {
  private var rest: ArraySlice<UInt8>

  /// Begins at a message's first byte.
  package init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  /// The next field, or nil at the end; fields of fixed width are skipped, since no message of this protocol has any.
  package mutating func next() throws(ProtocolError) -> MessageField? {
    while !rest.isEmpty {
      let tag = try varint()
      guard let number = UInt32(exactly: tag >> 3), number > 0 else {
        throw ProtocolError(.malformed, "a message has a field without a number")
      }
      switch tag & 7 {
      case 0: return MessageField(number: number, value: .number(try varint()))
      case 1: _ = try take(8)
      case 2: return MessageField(number: number, value: .bytes(Array(try take(try varint()))))
      case 5: _ = try take(4)
      default: throw ProtocolError(.malformed, "field \(number) of a message has no wire type")
      }
    }
    return nil
  }

  private mutating func varint() throws(ProtocolError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      // The tenth byte holds the last of the 64 bits.
      guard shift < 63 || byte <= 1 else { throw ProtocolError(.malformed, "a number of a message has over 64 bits") }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    throw ProtocolError(.malformed, "a message ends within a number")
  }

  private mutating func take(_ count: UInt64) throws(ProtocolError) -> ArraySlice<UInt8> {
    guard count <= UInt64(rest.count) else { throw ProtocolError(.malformed, "a message ends within a field") }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
