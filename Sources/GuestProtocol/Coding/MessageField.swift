/// A field of a message as it was received.
public struct MessageField: Sendable, Equatable {
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

  /// The field as a number of 64 bits.
  public func uint64() throws(ProtocolError) -> UInt64 {
    guard case .number(let value) = value else { throw wrong("a number") }
    return value
  }

  /// The field as a number of 32 bits.
  public func uint32() throws(ProtocolError) -> UInt32 {
    guard let value = UInt32(exactly: try uint64()) else { throw wrong("a number of 32 bits") }
    return value
  }

  /// The field as a signed number, see ``MessageWriter/put(_:signed:)``.
  public func int64() throws(ProtocolError) -> Int64 {
    let value = try uint64()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// The field as a truth value.
  public func bool() throws(ProtocolError) -> Bool {
    try uint64() != 0
  }

  /// The field's bytes.
  public func bytes() throws(ProtocolError) -> [UInt8] {
    guard case .bytes(let value) = value else { throw wrong("bytes") }
    return value
  }

  /// The field as text; bytes that are no UTF-8 are refused.
  public func string() throws(ProtocolError) -> String {
    guard let text = String(validating: try bytes(), as: UTF8.self) else { throw wrong("text") }
    return text
  }

  private func wrong(_ expected: String) -> ProtocolError {
    ProtocolError(.malformed, "field \(number) of a message is not \(expected)")
  }
}
