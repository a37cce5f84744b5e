/// The sessions of an agent.
public struct SessionList: Message {
  /// One entry each.
  public var sessions: [SessionEntry] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &sessions)
  }
}
