/// What a copy came to.
package struct CopySummary: Message {
  /// A list of paths has at most so many bytes, since a summary has to fit into one frame.
  package static let listLimit = 16_384

  /// Files and links.
  package var files: UInt64 = 0
  package var folders: UInt64 = 0
  /// Bytes of files, without holes.
  package var bytes: UInt64 = 0
  /// What was left out: sockets and devices, and what went away while it was read; the first paths, up to ``listLimit``.
  package private(set) var skipped: [[UInt8]] = []
  /// The number of all that was left out.
  package private(set) var skippedCount: UInt64 = 0
  /// Files that were written to while they were read; the first paths, up to ``listLimit``.
  package private(set) var changed: [[UInt8]] = []
  /// The number of all files that were written to while they were read.
  package private(set) var changedCount: UInt64 = 0

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &files)
    try coder.field(2, &folders)
    try coder.field(3, &bytes)
    try coder.field(4, &skipped)
    try coder.field(5, &skippedCount)
    try coder.field(6, &changed)
    try coder.field(7, &changedCount)
  }

  /// Notes something that was left out.
  package mutating func skip(_ path: [UInt8]) {
    Self.add(path, to: &skipped, after: skippedCount)
    skippedCount += 1
  }

  /// Notes a file that was written to while it was read.
  package mutating func noteChange(_ path: [UInt8]) {
    Self.add(path, to: &changed, after: changedCount)
    changedCount += 1
  }

  /// Takes over what the side that read the files found out.
  package mutating func merge(reading other: CopySummary) {
    (skipped, skippedCount) = (other.skipped, other.skippedCount)
    (changed, changedCount) = (other.changed, other.changedCount)
  }

  private static func add(_ path: [UInt8], to list: inout [[UInt8]], after count: UInt64) {
    // Once a path did not fit none is added any more, so that the list is never one with gaps.
    guard UInt64(list.count) == count else { return }
    // Each element takes some bytes besides its own.
    guard list.reduce(path.count + 4, { $0 + $1.count + 4 }) <= listLimit else { return }
    list.append(path)
  }
}
