/// How to end the guest.
///
/// The agent answers with ``FrameType/done`` and then acts: by the init system where one runs, else by the kernel
/// itself.
package struct PowerRequest: Message {
  /// What to do.
  package var action: Action = .off
  /// At once, without stopping services; file systems are synchronised.
  package var isForced = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &action)
    try coder.field(2, &isForced)
  }

  /// What to do with the power.
  package enum Action: UInt32, Sendable, MessageEnumeration {
    case off = 0
    /// Start anew.
    case reboot = 1
    /// Stop without power off.
    case halt = 2
  }
}
