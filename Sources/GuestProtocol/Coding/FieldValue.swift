/// What a field of a message may hold.
package protocol FieldValue {
  /// The value as it travels.
  var fieldValue: MessageField.Value { get }
  /// The value of a field that was received, which may hold anything.
  init(_ field: MessageField) throws(ProtocolError)
}
