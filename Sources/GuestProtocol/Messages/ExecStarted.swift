/// The program runs.
public struct ExecStarted: Message {
  /// Its process ID in the guest.
  public var process: UInt32 = 0

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &process)
  }
}
