/// What was frozen.
public struct FreezeReply: Message {
  /// Where the file systems are mounted.
  public var mountPoints: [[UInt8]] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &mountPoints)
  }
}
