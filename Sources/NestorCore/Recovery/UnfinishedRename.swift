import NestorSupport

/// A guest that gets another name, which takes several steps: libvirt is made to forget its snapshots, whose definitions hold
/// the old name, and told of them anew.
///
/// A file in the guest's private directory says so until all is done, and holds the snapshots meanwhile; unlike work that a
/// boot ends it lies where it lasts.
struct UnfinishedRename: Codable, Sendable, Equatable {
  /// The libvirt that runs the guest; another one may have a guest of the same UUID, in a copy of a container.
  var uri: String
  /// The name that the guest had before.
  var from: String
  /// Its snapshots.
  var snapshots: SnapshotSet

  /// What tells it from other unfinished work, see ``Hypervisor/triedToEnd``.
  static func id(_ uuid: String) -> String { "rename \(uuid)" }

  /// Reads a guest's file; nil where there is none that can be read.
  static func read(_ path: String) -> UnfinishedRename? {
    FileTree.value(in: path, limit: sizeLimit)
  }

  /// Writes the file, which only root may read.
  func write(to path: String) throws {
    try FileTree.write(json: self, to: path, mode: 0o600)
  }

  /// The most bytes that are read; a snapshot has some twenty thousand.
  static let sizeLimit = 1 << 28
}

extension Guest {
  var unfinishedRenameFile: String { hypervisor.state.unfinishedRename(uuid) }

  /// Whether there is a note that a guest of its UUID was not renamed to the end.
  var hasUnfinishedRename: Bool { FileTree.exists(unfinishedRenameFile) }

  /// What is left to do of its rename; nil where nothing is. Throws ``NestorError`` of code `corrupted` where that cannot be
  /// read.
  func unfinishedRename() async throws -> UnfinishedRename? {
    guard hasUnfinishedRename else { return nil }
    guard let work = UnfinishedRename.read(unfinishedRenameFile) else {
      // It may be through by now.
      guard hasUnfinishedRename else { return nil }
      throw NestorError(
        .corrupted, "cannot finish giving guest '\(name)' its name: the note cannot be read",
        cause: unfinishedRenameFile)
    }
    return try await hypervisor.connection.uri() == work.uri ? work : nil
  }
}
