/// What to report the changes of, with ``FrameType/state`` frames, until ``FrameType/cancel``.
///
/// The agent answers with an empty reply and the state as it is; a ``FrameType/state`` frame follows whenever that is
/// another one, and ``FrameType/done`` after the cancel. A client that does not read misses states, but never the last.
public struct WatchRequest: Message {
  /// Reports cloud-init's state too.
  public var wantsCloudInit = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &wantsCloudInit)
  }
}
