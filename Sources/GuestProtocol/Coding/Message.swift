/// A value that travels as the payload of a frame or as a field of another message.
public protocol Message: Sendable, Equatable {
  /// A message whose fields all have their defaults.
  init()
  /// Writes the fields that differ from their defaults.
  func write(to writer: inout MessageWriter)
  /// Takes one field; those it does not know are left alone, so that newer peers may send more.
  mutating func read(_ field: MessageField) throws(ProtocolError)
}

extension Message {
  /// The message's bytes.
  public var encoded: [UInt8] {
    var writer = MessageWriter()
    write(to: &writer)
    return writer.bytes
  }

  /// Reads a message from bytes.
  public init(decoding bytes: [UInt8]) throws(ProtocolError) {
    self.init()
    var reader = MessageReader(bytes)
    while let field = try reader.next() { try read(field) }
  }
}
