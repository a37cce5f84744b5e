extension UInt64: FieldValue {
  package var fieldValue: MessageField.Value { .number(self) }

  package init(_ field: MessageField) throws(ProtocolError) {
    guard case .number(let value) = field.value else { throw field.wrong("a number") }
    self = value
  }
}

extension UInt32: FieldValue {
  package var fieldValue: MessageField.Value { .number(UInt64(self)) }

  package init(_ field: MessageField) throws(ProtocolError) {
    guard let value = UInt32(exactly: try UInt64(field)) else { throw field.wrong("a number of 32 bits") }
    self = value
  }
}

/// Signed numbers travel as protocol buffers' sint64 does, so that small negative ones stay short.
extension Int64: FieldValue {
  package var fieldValue: MessageField.Value { .number(UInt64(bitPattern: (self << 1) ^ (self >> 63))) }

  package init(_ field: MessageField) throws(ProtocolError) {
    let value = try UInt64(field)
    self = Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}

extension Bool: FieldValue {
  package var fieldValue: MessageField.Value { .number(self ? 1 : 0) }

  package init(_ field: MessageField) throws(ProtocolError) {
    self = try UInt64(field) != 0
  }
}
