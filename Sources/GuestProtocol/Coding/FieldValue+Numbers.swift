extension UInt64: FieldValue {
  public var fieldValue: MessageField.Value { .number(self) }

  public init(_ field: MessageField) throws(ProtocolError) {
    guard case .number(let value) = field.value else { throw field.wrong("a number") }
    self = value
  }
}

extension UInt32: FieldValue {
  public var fieldValue: MessageField.Value { .number(UInt64(self)) }

  public init(_ field: MessageField) throws(ProtocolError) {
    guard let value = UInt32(exactly: try UInt64(field)) else { throw field.wrong("a number of 32 bits") }
    self = value
  }
}

/// Signed numbers travel as protocol buffers' sint64 does, so that small negative ones stay short.
extension Int64: FieldValue {
  public var fieldValue: MessageField.Value { .number(UInt64(bitPattern: (self << 1) ^ (self >> 63))) }

  public init(_ field: MessageField) throws(ProtocolError) {
    let value = try UInt64(field)
    self = Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}

extension Bool: FieldValue {
  public var fieldValue: MessageField.Value { .number(self ? 1 : 0) }

  public init(_ field: MessageField) throws(ProtocolError) {
    self = try UInt64(field) != 0
  }
}
