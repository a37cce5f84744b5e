/// A value that travels as the payload of a frame or as a field of another message.
package protocol Message: FieldValue, Sendable, Equatable {
  init()
  /// Hands each field to a coder, under its number: the same way for writing and for reading.
  mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure)
}

extension Message {
  /// The message's bytes.
  package var encoded: [UInt8] {
    var writer = MessageWriter()
    // A writer takes the fields' values and leaves them as they are.
    var message = self
    message.fields(&writer)
    return writer.bytes
  }

  /// Reads a message from bytes; fields that it does not know are left alone, so that newer peers may send more.
  package init(decoding bytes: [UInt8]) throws(ProtocolError) {
    self.init()
    var reader = MessageReader(bytes)
    while var field = try reader.next() { try fields(&field) }
  }

  package var fieldValue: MessageField.Value { .bytes(encoded) }

  package init(_ field: MessageField) throws(ProtocolError) {
    try self.init(decoding: try [UInt8](field))
  }
}
