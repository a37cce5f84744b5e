/// Files that the agent is to send.
///
/// The agent answers with an empty reply; entries follow as for ``PutRequest``, ``FrameType/end``, and
/// ``FrameType/done`` with ``CopySummary``.
public struct GetRequest: Message {
  /// The file or folder, from '/'; one that ends with '/.' means what is in the folder, without the folder itself.
  public var path: [UInt8] = []
  /// Sends folders with what is in them; else a folder is refused.
  public var isRecursive = false
  /// Sends what a link at the top points to instead of the link.
  public var followsLinks = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &path)
    try coder.field(2, &isRecursive)
    try coder.field(3, &followsLinks)
  }
}
