/// A file, folder or link of a copy; the payload of ``FrameType/entry``.
///
/// A file's bytes follow as ``FrameType/data`` and ``FrameType/hole`` frames on stream 0, then its
/// ``FrameType/digest``. Folders come before what is in them, and once more behind it as ``Kind/folderEnd``, which sets
/// their times and modes; an entry belongs into the folder that came last and has not ended. Whatever a copy sends,
/// entries and holes too, needs credit on stream 0 for its payload: so a slow receiver never has to hold more than that.
public struct FileEntry: Message {
  /// What it is.
  public var kind: Kind = .none
  /// The path from the top entry, whose own name comes first; parts between '/', none of them empty, '.' or '..'. At most
  /// ``ProtocolLimits/maximumPath`` bytes.
  public var path: [UInt8] = []
  /// Permission bits with set-user-ID, set-group-ID and sticky.
  public var mode: UInt32 = 0
  /// The time of the last change, in seconds since 1970.
  public var modified: Int64 = 0
  /// Nanoseconds on top of ``modified``.
  public var modifiedNanoseconds: UInt32 = 0
  /// The file's size in bytes, holes included; without meaning where it ``isUnbounded``.
  public var size: UInt64 = 0
  /// What a symbolic link says; for a hard link the path of the earlier entry, as in ``path``.
  public var target: [UInt8] = []
  /// The owner's number.
  public var user: UInt32 = 0
  /// The group's number.
  public var group: UInt32 = 0
  /// The size is not known beforehand: bytes come until the digest.
  public var isUnbounded = false
  /// The file has further names, which may come as ``Kind/hardLink``.
  public var hasLinks = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Writes the fields that differ from their defaults.
  public func write(to writer: inout MessageWriter) {
    writer.put(1, kind.rawValue)
    writer.put(2, path)
    writer.put(3, mode)
    writer.put(4, signed: modified)
    writer.put(5, modifiedNanoseconds)
    writer.put(6, size)
    writer.put(7, target)
    writer.put(8, user)
    writer.put(9, group)
    writer.put(10, isUnbounded)
    writer.put(11, hasLinks)
  }

  /// Takes one field.
  public mutating func read(_ field: MessageField) throws(ProtocolError) {
    switch field.number {
    case 1: kind = try Kind(field)
    case 2: path = try field.bytes()
    case 3: mode = try field.uint32()
    case 4: modified = try field.int64()
    case 5: modifiedNanoseconds = try field.uint32()
    case 6: size = try field.uint64()
    case 7: target = try field.bytes()
    case 8: user = try field.uint32()
    case 9: group = try field.uint32()
    case 10: isUnbounded = try field.bool()
    case 11: hasLinks = try field.bool()
    default: break
    }
  }

  /// What an entry is.
  public enum Kind: UInt32, Sendable, MessageEnumeration {
    /// Nothing; no entry has it.
    case none = 0
    /// A file with bytes.
    case file = 1
    /// A folder, before what is in it.
    case folder = 2
    /// A folder, behind what is in it.
    case folderEnd = 3
    /// A symbolic link.
    case symbolicLink = 4
    /// Another name of a file that came before.
    case hardLink = 5
    /// A named pipe.
    case fifo = 6
  }
}
