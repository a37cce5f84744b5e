extension [UInt8]: FieldValue {
  package var fieldValue: MessageField.Value { .bytes(self) }

  package init(_ field: MessageField) throws(ProtocolError) {
    guard case .bytes(let value) = field.value else { throw field.wrong("bytes") }
    self = value
  }
}

/// Bytes that are no UTF-8 are refused.
extension String: FieldValue {
  package var fieldValue: MessageField.Value { .bytes(Array(utf8)) }

  package init(_ field: MessageField) throws(ProtocolError) {
    guard let text = String(validating: try [UInt8](field), as: UTF8.self) else { throw field.wrong("text") }
    self = text
  }
}
