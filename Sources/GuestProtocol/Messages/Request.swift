/// What a client asks for; the payload of a ``FrameType/request`` frame.
public struct Request: Message {
  /// What is to be done.
  public var operation: Operation = .none
  /// The operation's own message.
  public var body: [UInt8] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, operation.rawValue)
    writer.put(2, body)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: operation = try Operation(field)
    case 2: body = try field.bytes()
    default: break
    }
  }

  /// Asks for an operation with its message.
  public init(_ operation: Operation, _ body: [UInt8] = []) {
    self.operation = operation
    self.body = body
  }
}
