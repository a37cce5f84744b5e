/// What was changed.
public struct IdentityReply: Message {
  /// What was done, a sentence each.
  public var steps: [String] = []
  /// What could not be done, and why.
  public var problems: [String] = []
  /// New sessions are held with the key of the request.
  public var tookKey = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &steps)
    try coder.field(2, &problems)
    try coder.field(3, &tookKey)
  }
}
