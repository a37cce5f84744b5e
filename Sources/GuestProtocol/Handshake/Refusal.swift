/// Why an agent does not want a session.
package struct Refusal: Message {
  /// A ``ProtocolError/Code``'s number.
  package var code: UInt32 = 0
  /// A sentence for the client's user.
  package var message = ""
  /// The nonce of the client that is refused.
  package var clientNonce: [UInt8] = []
  /// The oldest version that the agent speaks.
  package var oldest: UInt32 = 0
  /// The newest version that the agent speaks.
  package var newest: UInt32 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &code)
    try coder.field(2, &message)
    try coder.field(3, &clientNonce)
    try coder.field(4, &oldest)
    try coder.field(5, &newest)
  }
}
