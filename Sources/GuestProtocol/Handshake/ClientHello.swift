/// How a client begins a session.
public struct ClientHello: Message {
  /// The oldest version that the client speaks.
  public var oldest: UInt32 = 0
  /// The newest version that the client speaks.
  public var newest: UInt32 = 0
  /// What the client can make use of.
  public var features: Features = []
  /// 32 random bytes; the agent's answer repeats them, so that an answer to an earlier client is not taken for its own.
  public var nonce: [UInt8] = []
  /// The credit, in bytes, with which each stream to the client begins.
  public var window: UInt32 = 0
  /// The client's program and version, for the agent's log.
  public var program = ""

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &oldest)
    try coder.field(2, &newest)
    try coder.field(3, &features)
    try coder.field(4, &nonce)
    try coder.field(5, &window)
    try coder.field(6, &program)
  }
}
