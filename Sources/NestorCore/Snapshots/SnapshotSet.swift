import DomainXML
import Libvirt

/// All snapshots of a guest as libvirt knows them, to tell it of them again when it had to forget them.
struct SnapshotSet: Codable, Sendable, Equatable {
  /// The snapshots as libvirt describes them, with passwords; each behind the one that it was made after.
  var snapshots: [String]
  /// The name of the snapshot that the guest was last at.
  var current: String?

  init(snapshots: [String] = [], current: String? = nil) {
    self.snapshots = snapshots
    self.current = current
  }

  /// Reads those of a guest.
  init(of domain: Domain) async throws {
    snapshots = []
    for snapshot in try await domain.snapshots(.topological) { snapshots.append(try await snapshot.xml(secure: true)) }
    current = try await domain.hasCurrentSnapshot() ? try await domain.currentSnapshot().name : nil
  }

  /// What the snapshots are.
  func definitions() throws -> [SnapshotDefinition] { try snapshots.map { try SnapshotDefinition(xml: $0) } }

  /// Tells libvirt of them again, in place of those that it knows; `change` is made to the guest's definitions in them, and
  /// in others that it knows besides.
  func redefine(for guest: Guest, _ change: (inout DomainDefinition) throws -> Void) async throws {
    var definitions = try definitions()
    let names = Set(definitions.compactMap(\.name))
    let present = try await SnapshotSet(of: guest.domain)
    definitions += try present.definitions().filter { $0.name.map { !names.contains($0) } ?? false }
    let current = present.current.flatMap { names.contains($0) ? nil : $0 } ?? current
    // One by one, the youngest first, so that none is hung below another: libvirt does not take another definition of its
    // guest for a snapshot that it knows.
    for definition in definitions.reversed() {
      guard let name = definition.name, let known = try await guest.snapshots.find(name) else { continue }
      try await known.handle.delete(.metadataOnly)
    }
    for var definition in definitions {
      if var domain = definition.domain {
        try change(&domain)
        definition.domain = domain
      }
      if var domain = definition.inactiveDomain {
        try change(&domain)
        definition.inactiveDomain = domain
      }
      let isCurrent = definition.name == current
      _ = try await guest.domain.createSnapshot(
        xml: try definition.xml(), isCurrent ? [.redefine, .current] : .redefine)
    }
  }
}
