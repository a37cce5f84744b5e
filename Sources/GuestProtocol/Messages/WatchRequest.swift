/// What to report the changes of, with ``FrameType/state`` frames, until ``FrameType/cancel``.
///
/// The agent answers with an empty reply and the state as it is; a ``FrameType/state`` frame follows whenever that is
/// another one, and ``FrameType/done`` after the cancel. A client that does not read misses states, but never the last.
package struct WatchRequest: Message {
  /// Reports cloud-init's state too.
  package var wantsCloudInit = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &wantsCloudInit)
  }
}
