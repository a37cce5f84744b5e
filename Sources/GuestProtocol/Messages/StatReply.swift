/// What is at a path.
public struct StatReply: Message {
  /// Whether there is anything.
  public var exists = false
  /// Its type and permission bits, as stat(2) has them.
  public var mode: UInt32 = 0
  /// Its size in bytes.
  public var size: UInt64 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &exists)
    try coder.field(2, &mode)
    try coder.field(3, &size)
  }
}
