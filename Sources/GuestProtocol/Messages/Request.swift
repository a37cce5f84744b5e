/// What a client asks for; the payload of a ``FrameType/request`` frame.
package struct Request: Message {
  /// What is to be done, as its number; an agent that does not know it answers with
  /// ``ProtocolError/Code/unsupported``, and the session goes on.
  package var number: UInt32 = 0
  /// The operation's own message.
  package var body: [UInt8] = []

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &number)
    try coder.field(2, &body)
  }

  /// Asks for an operation with its message.
  package init(_ operation: Operation, _ body: [UInt8] = []) {
    number = operation.rawValue
    self.body = body
  }

  /// What is to be done; ``Operation/none`` where this version does not know it.
  package var operation: Operation { Operation(rawValue: number) ?? .none }
}
