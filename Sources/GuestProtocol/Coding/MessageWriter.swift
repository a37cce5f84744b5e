/// Writes a message in the wire format of protocol buffers: fields with a number, in any order, unknown ones skipped.
///
/// Only two of its wire types are used: varint for numbers and truth values, length-delimited for everything else.
/// Values
/// that are zero, false or empty are left out, as in proto3. https://protobuf.dev/programming-guides/encoding/
public struct MessageWriter: Sendable {
  /// The bytes so far.
  public private(set) var bytes: [UInt8] = []

  /// Begins an empty message.
  public init() {}

  /// Adds a number; zero is left out.
  public mutating func put(_ field: UInt32, _ value: UInt64) {
    guard value != 0 else { return }
    putVarint(UInt64(field) << 3)
    putVarint(value)
  }

  /// Adds a number; zero is left out.
  public mutating func put(_ field: UInt32, _ value: UInt32) {
    put(field, UInt64(value))
  }

  /// Adds a signed number as protocol buffers' sint64 does, so that small negative ones stay short; zero is left out.
  public mutating func put(_ field: UInt32, signed value: Int64) {
    put(field, UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  /// Adds a truth value; false is left out.
  public mutating func put(_ field: UInt32, _ value: Bool) {
    put(field, value ? 1 as UInt64 : 0)
  }

  /// Adds text; the empty one is left out.
  public mutating func put(_ field: UInt32, _ value: String) {
    put(field, Array(value.utf8))
  }

  /// Adds bytes; none are left out.
  public mutating func put(_ field: UInt32, _ value: [UInt8]) {
    guard !value.isEmpty else { return }
    putElement(field, value)
  }

  /// Adds bytes as one element of a repeated field, also when there are none.
  public mutating func putElement(_ field: UInt32, _ value: [UInt8]) {
    putVarint(UInt64(field) << 3 | 2)
    putVarint(UInt64(value.count))
    bytes += value
  }

  private mutating func putVarint(_ value: UInt64) {
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
