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

  /// These, and behind them those that libvirt knows besides.
  func adding(_ others: SnapshotSet) throws -> SnapshotSet {
    let names = Set(try definitions().compactMap(\.name))
    let isNew = { (name: String?) in name.map { !names.contains($0) } ?? false }
    let new = try zip(others.snapshots, others.definitions()).filter { isNew($1.name) }.map(\.0)
    return SnapshotSet(snapshots: snapshots + new, current: isNew(others.current) ? others.current : current)
  }

  /// Tells libvirt of them again, in place of those of their names that it knows; `change` is made to the guest's definitions
  /// in them.
  ///
  /// A note holds them meanwhile, since libvirt forgets them at first.
  func redefine(for guest: Guest, _ change: (inout DomainDefinition) throws -> Void) async throws {
    let definitions = try definitions()
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
