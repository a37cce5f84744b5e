/// A field of a message as it was received.
public struct MessageField: MessageCoder, Sendable, Equatable {
  /// What a field holds.
  public enum Value: Sendable, Equatable {
    /// A number or a truth value.
    case number(UInt64)
    /// Text, bytes, or a message in a message.
    case bytes([UInt8])
  }

  /// The field's number in its message.
  public let number: UInt32
  /// What it holds.
  public let value: Value

  public func field<Target: FieldValue>(_ number: UInt32, _ value: inout Target) throws(ProtocolError) {
    if number == self.number { value = try Target(self) }
  }

  public func field<Target: FieldValue>(_ number: UInt32, _ value: inout Target?) throws(ProtocolError) {
    if number == self.number { value = try Target(self) }
  }

  public func field<Target: FieldValue>(_ number: UInt32, _ values: inout [Target]) throws(ProtocolError) {
    if number == self.number { values.append(try Target(self)) }
  }

  func wrong(_ expected: String) -> ProtocolError {
    ProtocolError(.malformed, "field \(number) of a message is not \(expected)")
  }
}
