/// A choice that travels as its number; a number that this version does not know is refused.
package protocol MessageEnumeration: FieldValue, RawRepresentable where RawValue == UInt32 {}

extension MessageEnumeration {
  package var fieldValue: MessageField.Value { rawValue.fieldValue }

  package init(_ field: MessageField) throws(ProtocolError) {
    guard let value = Self(rawValue: try UInt32(field)) else {
      throw ProtocolError(.unsupported, "field \(field.number) of a message has an unknown choice")
    }
    self = value
  }
}
