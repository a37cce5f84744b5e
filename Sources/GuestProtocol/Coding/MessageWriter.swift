/// Writes a message in the wire format of protocol buffers: fields with a number, in any order, unknown ones skipped.
///
/// Only two of its wire types are used: varint for numbers and truth values, length-delimited for everything else.
/// Values that are zero, false or empty are left out, as in proto3, but not as elements of a list.
/// https://protobuf.dev/programming-guides/encoding/
package struct MessageWriter: MessageCoder, Sendable {
  /// The bytes so far.
  package private(set) var bytes: [UInt8] = []

  /// Begins an empty message.
  package init() {}

  package mutating func field<Value: FieldValue>(_ number: UInt32, _ value: inout Value) {
    put(number, value)
  }

  package mutating func field<Value: FieldValue>(_ number: UInt32, _ value: inout Value?) {
    if let value { putElement(number, value) }
  }

  package mutating func field<Value: FieldValue>(_ number: UInt32, _ values: inout [Value]) {
    for value in values { putElement(number, value) }
  }

  /// Adds a value; what is zero, false or empty is left out.
  mutating func put(_ number: UInt32, _ value: some FieldValue) {
    let value = value.fieldValue
    if value != .number(0), value != .bytes([]) { putElement(number, value) }
  }

  /// Adds a value whatever it is: an element of a list, or one that may be missing.
  mutating func putElement(_ number: UInt32, _ value: some FieldValue) {
    putElement(number, value.fieldValue)
  }

  private mutating func putElement(_ number: UInt32, _ value: MessageField.Value) {
    switch value {
    case .number(let value):
      putVarint(UInt64(number) << 3)
      putVarint(value)
    case .bytes(let value):
      putVarint(UInt64(number) << 3 | 2)
      putVarint(UInt64(value.count))
      bytes += value
    }
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
