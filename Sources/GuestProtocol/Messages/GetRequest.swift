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

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, path)
    writer.put(2, isRecursive)
    writer.put(3, followsLinks)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: path = try field.bytes()
    case 2: isRecursive = try field.bool()
    case 3: followsLinks = try field.bool()
    default: break
    }
  }
}
