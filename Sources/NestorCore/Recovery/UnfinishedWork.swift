import FoundationEssentials
import NestorSupport

/// Work on a guest that leaves it in no state to stay in, should this program or libvirt's daemon end in the middle.
///
/// A file in the runtime directory says so of the guest meanwhile. What took its lock next finds the file, and ends the work.
struct UnfinishedWork: Codable, Sendable, Equatable {
  /// What is done.
  enum Kind: Codable, Sendable, Equatable {
    /// The guest, which ran, is paused, while a snapshot of it may be taken.
    case pause(String?)
    /// A snapshot of the guest is taken.
    case snapshot(String)
    /// The guest is reverted to a snapshot.
    case revert(String, RevertedState)
    /// A snapshot is deleted.
    case deletion(String)
  }

  /// What the guest did before.
  enum Status: String, Codable, Sendable {
    case running, paused, off
  }

  /// How long after it began the work is still gone on with.
  ///
  /// Who finds it later, because nobody asked for the guest's lock meanwhile, would undo what was done in that time.
  static let maximumAge = Duration.seconds(600)

  /// The guest's UUID.
  var uuid: String
  /// What it did before.
  var status: Status
  /// What is done.
  var kind: Kind
  /// The moment of several guests that a snapshot belongs to, see ``StateDirectory/moment(_:)``; once its file is gone, all
  /// of them have the snapshot, and keep it.
  var moment: String?
  /// When it began, in seconds since 1970.
  var begun = Date().timeIntervalSince1970

  /// What tells it from other work on the same guest.
  var id: String { "\(uuid) \(begun)" }

  /// Whether so much time has gone by that the guest may have been used since.
  func isStale(now: Date = Date()) -> Bool {
    // A file may hold a number of seconds that no Duration has.
    abs(now.timeIntervalSince1970 - begun) > Double(Self.maximumAge.components.seconds)
  }

  /// Reads a file of a guest; nil where there is none that can be read.
  static func read(_ path: String) -> UnfinishedWork? {
    FileTree.value(in: path, limit: 1 << 20)
  }

  /// Writes the file.
  func write(to path: String) throws {
    try FileTree.write(json: self, to: path)
  }
}
