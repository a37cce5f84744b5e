/// How to end the guest.
///
/// The agent answers with ``FrameType/done`` and then acts: by the init system where one runs, else by the kernel
/// itself.
public struct PowerRequest: Message {
  /// What to do.
  public var action: Action = .off
  /// At once, without stopping services; file systems are synchronised.
  public var isForced = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &action)
    try coder.field(2, &isForced)
  }

  /// What to do with the power.
  public enum Action: UInt32, Sendable, MessageEnumeration {
    /// Power off.
    case off = 0
    /// Start anew.
    case reboot = 1
    /// Stop without power off.
    case halt = 2
  }
}
