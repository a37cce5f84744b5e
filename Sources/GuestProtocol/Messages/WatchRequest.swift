/// What to report the changes of, with ``FrameType/state`` frames, until ``FrameType/cancel``.
///
/// The agent answers with an empty reply and the state as it is; a ``FrameType/state`` frame follows whenever that is
/// another one, and ``FrameType/done`` after the cancel. A client that does not read misses states, but never the last.
public struct WatchRequest: Message {
  /// Reports cloud-init's state too.
  public var wantsCloudInit = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, wantsCloudInit)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: wantsCloudInit = try field.bool()
    default: break
    }
  }
}
