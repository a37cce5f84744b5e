/// How an agent answers a client that it can talk to.
package struct AgentHello: Message {
  /// The version that both speak: the newest of those.
  package var version: UInt32 = 0
  /// What the agent can do.
  package var features: Features = []
  /// The client's nonce.
  package var clientNonce: [UInt8] = []
  /// 32 random bytes of the agent's own.
  package var nonce: [UInt8] = []
  /// The credit, in bytes, with which each stream to the agent begins.
  package var window: UInt32 = 0
  /// The agent's program and version.
  package var program = ""

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &version)
    try coder.field(2, &features)
    try coder.field(3, &clientNonce)
    try coder.field(4, &nonce)
    try coder.field(5, &window)
    try coder.field(6, &program)
  }
}
