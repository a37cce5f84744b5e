/// A choice that travels as its number; a number that this version does not know is refused.
public protocol MessageEnumeration: RawRepresentable where RawValue == UInt32 {}

extension MessageEnumeration {
  init(_ field: MessageField) throws(ProtocolError) {
    guard let value = Self(rawValue: try field.uint32()) else {
      throw ProtocolError(.unsupported, "field \(field.number) of a message has an unknown choice")
    }
    self = value
  }
}
