import Foundation
import Testing

/// A guest's snapshots as a note of unfinished work holds them.
struct SnapshotNote: Codable {
  let snapshots: [String]
  let current: String
}

extension Lab {
  /// The snapshots of ``makeGuestWithSnapshots(_:)``, each behind the one that it was made after.
  static let snapshotNames = ["one", "two", "three"]

  /// Makes a guest that is off with snapshots: "two" and "three" were both made after "one", "two" is current.
  func makeGuestWithSnapshots(_ guest: String) async throws {
    try await succeed("create", try plainTemplate(), guest)
    for name in ["one", "three"] { try await succeed("snapshot", "create", guest, name) }
    try await succeed("snapshot", "revert", guest, "one")
    try await succeed("snapshot", "create", guest, "two")
  }

  /// What a note holds of these.
  func snapshotNote(_ guest: String) async throws -> SnapshotNote {
    var texts: [String] = []
    for name in Self.snapshotNames {
      texts.append(try await virsh("snapshot-dumpxml", "--security-info", guest, name))
    }
    return SnapshotNote(snapshots: texts, current: "two")
  }

  /// Tells libvirt of one of these.
  func redefineSnapshot(_ guest: String, _ xml: String) async throws {
    let path = "\(folder)/snapshot.xml"
    try xml.write(toFile: path, atomically: true, encoding: .utf8)
    let isCurrent = xml.contains("<name>two</name>") ? ["--current"] : []
    let result = try await daemon.runInside(
      ["virsh", "--quiet", "snapshot-create", guest, path, "--redefine"] + isCurrent)
    try #require(result.status == 0, "\(result)")
  }

  /// Expects that the guest has these, and that each hangs where it did.
  func expectSnapshots(
    of guest: String, _ comment: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let tree = try await virsh("snapshot-list", guest, "--parent").split(separator: "\n")
      .map { $0.split(separator: " ").map(String.init) }
    let parents = Set(tree.map { "\($0.first ?? "") \($0.last ?? "")" })
    #expect(parents == ["one shutoff", "two one", "three one"], "\(comment): \(tree)", sourceLocation: sourceLocation)
    let current = try await virsh("snapshot-current", "--name", guest)
    #expect(current.split(separator: "\n") == ["two"], "\(comment)", sourceLocation: sourceLocation)
  }
}
