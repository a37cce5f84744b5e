import NestorSupport

/// A guest that gets another UUID, for which libvirt is made to forget it and told of it again.
///
/// A file in the state directory holds all that libvirt knew until that is done: what is begun is always finished.
struct UnfinishedRenewal: Codable, Sendable, Equatable {
  /// The libvirt that runs the guest; that of another copy of the container has a guest of the old UUID, too.
  var uri: String
  /// The guest's name, which stays.
  var name: String
  /// The UUID that it had.
  var old: String
  /// The UUID that it gets.
  var new: String
  /// Its definition as it was, with passwords.
  var xml: String
  /// Whether it starts with libvirt.
  var autostart: Bool
  /// Its snapshots.
  var snapshots: SnapshotSet

  /// What tells it from other unfinished work, see ``Hypervisor/triedToEnd``.
  static func id(_ name: String) -> String { "renewal \(name)" }

  /// Reads a guest's file; nil where there is none that can be read.
  static func read(_ path: String) -> UnfinishedRenewal? {
    FileTree.value(in: path, limit: UnfinishedRename.sizeLimit)
  }

  /// Writes the file, which only root may read.
  func write(to path: String) throws {
    try FileTree.write(json: self, to: path, mode: 0o600)
  }
}
