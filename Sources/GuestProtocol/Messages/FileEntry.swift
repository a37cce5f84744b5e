/// A file, folder or link of a copy; the payload of ``FrameType/entry``.
///
/// A file's bytes follow as ``FrameType/data`` and ``FrameType/hole`` frames on stream 0, then its
/// ``FrameType/digest``. Folders come before what is in them, and once more behind it as ``Kind/folderEnd``, which sets
/// their times and modes; an entry belongs into the folder that came last and has not ended. Whatever a copy sends,
/// entries and holes too, needs credit on stream 0 for its payload: so a slow receiver never has to hold more than that.
package struct FileEntry: Message {
  package var kind: Kind = .none
  /// The path from the top entry, whose own name comes first; parts between '/', none of them empty, '.' or '..'. At most
  /// ``ProtocolLimits/maximumPath`` bytes.
  package var path: [UInt8] = []
  /// Permission bits with set-user-ID, set-group-ID and sticky.
  package var mode: UInt32 = 0
  /// The time of the last change, in seconds since 1970.
  package var modified: Int64 = 0
  /// Nanoseconds on top of ``modified``.
  package var modifiedNanoseconds: UInt32 = 0
  /// The file's size in bytes, holes included; without meaning where it ``isUnbounded``.
  package var size: UInt64 = 0
  /// What a symbolic link says; for a hard link the path of the earlier entry, as in ``path``.
  package var target: [UInt8] = []
  /// The owner's number.
  package var user: UInt32 = 0
  /// The group's number.
  package var group: UInt32 = 0
  /// The size is not known beforehand: bytes come until the digest.
  package var isUnbounded = false
  /// The file has further names, which may come as ``Kind/hardLink``.
  package var hasLinks = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &kind)
    try coder.field(2, &path)
    try coder.field(3, &mode)
    try coder.field(4, &modified)
    try coder.field(5, &modifiedNanoseconds)
    try coder.field(6, &size)
    try coder.field(7, &target)
    try coder.field(8, &user)
    try coder.field(9, &group)
    try coder.field(10, &isUnbounded)
    try coder.field(11, &hasLinks)
  }

  package enum Kind: UInt32, Sendable, MessageEnumeration {
    /// Nothing; no entry has it.
    case none = 0
    /// A file with bytes.
    case file = 1
    /// A folder, before what is in it.
    case folder = 2
    /// A folder, behind what is in it.
    case folderEnd = 3
    case symbolicLink = 4
    /// Another name of a file that came before.
    case hardLink = 5
    /// A named pipe.
    case fifo = 6
  }
}
