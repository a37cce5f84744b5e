import DomainXML
import Libvirt
import NestorSupport

/// The snapshots of a guest.
///
/// They are taken and reverted to by the ``Hypervisor``, because that may be of several guests at once.
package struct GuestSnapshots: Sendable {
  let guest: Guest

  /// The snapshots, oldest first.
  package func list() async throws -> [SnapshotSummary] {
    try await withContext("cannot list the snapshots of guest '\(guest.name)'") {
      let domain = guest.domain
      let current = try await domain.hasCurrentSnapshot() ? try await domain.currentSnapshot().name : nil
      let found = try await definitions().map { name, definition in
        (definition.creationTime ?? 0, SnapshotSummary(definition, name: name, isCurrent: name == current))
      }
      let depths = SnapshotTree(found.map(\.1)).depths
      // Within a second, what was taken after another is the younger.
      return found.sorted { left, right in
        let (first, second) = (left.1.name, right.1.name)
        return (left.0, depths[first] ?? 0, first) < (right.0, depths[second] ?? 0, second)
      }.map(\.1)
    }
  }

  /// The snapshots as libvirt describes them, in no order; with those that it is not to know for a moment, because the guest
  /// gets another name.
  func definitions() async throws -> [(name: String, definition: SnapshotDefinition)] {
    var noted = try await guest.unfinishedRename()
    var definitions: [(name: String, definition: SnapshotDefinition)] = []
    for handle in try await guest.domain.snapshots() {
      definitions.append((handle.name, try SnapshotDefinition(xml: try await handle.xml())))
    }
    // It may have been begun, or ended, since.
    noted = try await guest.unfinishedRename() ?? noted
    let known = Set(definitions.map(\.name))
    for definition in try noted?.snapshots.definitions() ?? [] {
      if let name = definition.name, !known.contains(name) { definitions.append((name, definition)) }
    }
    return definitions
  }

  /// One of them; throws ``NestorError`` of code `notFound` where there is none of that name.
  package func info(_ name: String) async throws -> SnapshotSummary {
    let snapshot = try await named(name)
    return try await withContext("cannot read snapshot '\(name)' of guest '\(guest.name)'") {
      SnapshotSummary(
        try await snapshot.definition(), name: name, isCurrent: try await snapshot.handle.isCurrent())
    }
  }

  /// The snapshot of a name; throws ``NestorError`` of code `notFound` where there is none.
  func named(_ name: String) async throws -> Snapshot {
    if let snapshot = try await withContext(
      "cannot look up snapshot '\(name)' of guest '\(guest.name)'", { try await find(name) })
    {
      return snapshot
    }
    let names = ((try? await guest.domain.snapshots()) ?? []).map(\.name)
    throw NestorError(
      .notFound, "guest '\(guest.name)' has no snapshot '\(name)'",
      hint: NearestName.suggestion(for: name, among: names) ?? "see: nestor snapshot list \(guest.name)")
  }

  /// The snapshot of a name; nil where libvirt knows none.
  func find(_ name: String) async throws -> Snapshot? {
    do {
      return Snapshot(guest: guest, handle: try await guest.domain.snapshot(named: name))
    } catch let error as LibvirtError where error.code == .noDomainSnapshot {
      return nil
    }
  }

  /// Deletes a snapshot, with `children` those too that were taken after it; the guest and its other snapshots stay as they
  /// are. Returns the names of those that are gone.
  package func delete(_ name: String, children: Bool = false) async throws -> [String] {
    try await guest.withLock(to: "delete a snapshot of", timeout: Hypervisor.snapshotTimeout) { locked in
      _ = try await named(name)
      let present = try await list()
      let family = children ? SnapshotTree(present).descendants(of: name) + [name] : [name]
      let names = present.map(\.name).filter(family.contains)
      try await locked.deleteSnapshots(names)
      return names
    }
  }

  /// Deletes the oldest snapshots: those beyond the newest `keep`, where that is given, and those that are older than
  /// `age`, where that is. Returns the names of those that are gone or, with `dryRun`, would be.
  package func prune(keep: Int?, olderThan age: Duration?, dryRun: Bool = false) async throws -> [String] {
    try await guest.withLock(to: "delete snapshots of", timeout: Hypervisor.snapshotTimeout) { locked in
      let names = SnapshotTree(try await list()).prunable(keep: keep, olderThan: age)
      if !dryRun { try await locked.deleteSnapshots(names) }
      return names
    }
  }
}

extension Guest {
  package var snapshots: GuestSnapshots { GuestSnapshots(guest: self) }
}
