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

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, action.rawValue)
    writer.put(2, isForced)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: action = try Action(field)
    case 2: isForced = try field.bool()
    default: break
    }
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
