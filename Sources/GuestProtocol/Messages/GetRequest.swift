/// Files that the agent is to send.
///
/// The agent answers with an empty reply; entries follow as for ``PutRequest``, ``FrameType/end``, and
/// ``FrameType/done`` with ``CopySummary``.
package struct GetRequest: Message {
  /// The file or folder, from '/'; one that ends with '/.' means what is in the folder, without the folder itself.
  package var path: [UInt8] = []
  /// Sends folders with what is in them; else a folder is refused.
  package var isRecursive = false
  /// Sends what a link at the top points to instead of the link.
  package var followsLinks = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &path)
    try coder.field(2, &isRecursive)
    try coder.field(3, &followsLinks)
  }
}
