/// A field of a message as it was received.
package struct MessageField: MessageCoder, Sendable, Equatable {
  /// What a field holds.
  package enum Value: Sendable, Equatable {
    /// A number or a truth value.
    case number(UInt64)
    /// Text, bytes, or a message in a message.
    case bytes([UInt8])
  }

  /// The field's number in its message.
  package let number: UInt32
  /// What it holds.
  package let value: Value

  package func field<Target: FieldValue>(_ number: UInt32, _ value: inout Target) throws(ProtocolError) {
    if number == self.number { value = try Target(self) }
  }

  package func field<Target: FieldValue>(_ number: UInt32, _ value: inout Target?) throws(ProtocolError) {
    if number == self.number { value = try Target(self) }
  }

  package func field<Target: FieldValue>(_ number: UInt32, _ values: inout [Target]) throws(ProtocolError) {
    if number == self.number { values.append(try Target(self)) }
  }

  func wrong(_ expected: String) -> ProtocolError {
    ProtocolError(.malformed, "field \(number) of a message is not \(expected)")
  }
}
