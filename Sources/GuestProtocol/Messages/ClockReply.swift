/// What became of the clock.
public struct ClockReply: Message {
  /// How far the clock was behind, in nanoseconds; negative where it was ahead.
  public var offset: Int64 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &offset)
  }
}
