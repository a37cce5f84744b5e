/// How a client begins a session.
package struct ClientHello: Message {
  /// The oldest version that the client speaks.
  package var oldest: UInt32 = 0
  /// The newest version that the client speaks.
  package var newest: UInt32 = 0
  /// What the client can make use of.
  package var features: Features = []
  /// 32 random bytes; the agent's answer repeats them, so that an answer to an earlier client is not taken for its own.
  package var nonce: [UInt8] = []
  /// The credit, in bytes, with which each stream to the client begins.
  package var window: UInt32 = 0
  /// The client's program and version, for the agent's log.
  package var program = ""

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &oldest)
    try coder.field(2, &newest)
    try coder.field(3, &features)
    try coder.field(4, &nonce)
    try coder.field(5, &window)
    try coder.field(6, &program)
  }
}
