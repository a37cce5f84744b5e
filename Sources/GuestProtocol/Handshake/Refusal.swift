/// Why an agent does not want a session.
public struct Refusal: Message {
  /// A ``ProtocolError/Code``'s number.
  public var code: UInt32 = 0
  /// A sentence for the client's user.
  public var message = ""
  /// The nonce of the client that is refused.
  public var clientNonce: [UInt8] = []
  /// The oldest version that the agent speaks.
  public var oldest: UInt32 = 0
  /// The newest version that the agent speaks.
  public var newest: UInt32 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &code)
    try coder.field(2, &message)
    try coder.field(3, &clientNonce)
    try coder.field(4, &oldest)
    try coder.field(5, &newest)
  }
}
