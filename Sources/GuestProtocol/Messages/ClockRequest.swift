/// The time that the guest's clock is to have.
public struct ClockRequest: Message {
  /// Nanoseconds since 1970.
  public var time: Int64 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &time)
  }
}
