import DomainXML
import FoundationEssentials
import Libvirt
import NestorSupport
import Templates

extension Orchestrator {
  /// Keeps this moment of a guest: memory, disks and settings together; answers with the snapshot's name.
  ///
  /// The snapshot lies inside the guest's qcow2 disks. A guest that is only half made is refused, since going back would
  /// bring that state back.
  public func createSnapshot(of guest: String, named name: String?, description: String?) async throws -> String {
    let name = try name.map { try snapshotName($0) } ?? Self.timeName(Date())
    return try await locking(guest, to: "take a snapshot of", seconds: 600) {
      let domain = try await domain(guest)
      try refuseUnfinished(try await record(of: domain), guest, to: "take a snapshot of")
      if (try? await domain.snapshot(named: name)) != nil {
        throw NestorError(
          .exists, "guest '\(guest)' has a snapshot '\(name)' already",
          hint: "choose another name, or delete it: nestor snapshot delete \(guest) \(name)")
      }
      report(ProgressReport(guest, "taking snapshot '\(name)'"))
      let xml = try SnapshotDefinition(name: name, description: description).xml()
      _ = try await explaining("cannot take a snapshot of guest '\(guest)'") {
        try await domain.createSnapshot(xml: xml)
      }
      return name
    }
  }

  /// A guest's snapshots, oldest first.
  public func snapshots(of guest: String) async throws -> [SnapshotSummary] {
    let domain = try await domain(guest)
    return try await explaining("cannot list the snapshots of guest '\(guest)'") {
      let current = try await domain.hasCurrentSnapshot() ? try await domain.currentSnapshot().name : nil
      var found: [(time: Int64, summary: SnapshotSummary)] = []
      for snapshot in try await domain.snapshots() {
        let definition = try SnapshotDefinition(xml: try await snapshot.xml())
        let time = definition.creationTime ?? 0
        let created = Date(timeIntervalSince1970: Double(time)).formatted(.iso8601)
        found.append(
          (
            time,
            SnapshotSummary(
              name: snapshot.name, created: created, state: definition.state?.rawValue ?? "unknown",
              parent: definition.parent, isCurrent: snapshot.name == current, description: definition.description)
          ))
      }
      return found.sorted { ($0.time, $0.summary.name) < ($1.time, $1.summary.name) }.map(\.summary)
    }
  }

  /// Takes a guest back to a snapshot's moment; it then does what it did at that moment.
  public func revert(_ guest: String, to name: String) async throws {
    try await locking(guest, to: "revert", seconds: 600) {
      let domain = try await domain(guest)
      let snapshot = try await snapshot(name, of: domain)
      report(ProgressReport(guest, "going back to snapshot '\(name)'"))
      let isOwn = try await record(of: domain) != nil
      try await explaining("cannot take guest '\(guest)' back to snapshot '\(name)'") {
        if isOwn {
          try await revertWithContextID(domain, to: snapshot, ContextIDChoice(uuid: domain.uuid))
        } else {
          try await snapshot.revert()
        }
      }
    }
  }

  /// Forgets a snapshot; the guest and its other snapshots stay as they are.
  public func deleteSnapshot(_ name: String, of guest: String) async throws {
    try await locking(guest, to: "delete a snapshot of", seconds: 600) {
      let domain = try await domain(guest)
      let snapshot = try await snapshot(name, of: domain)
      try await explaining("cannot delete snapshot '\(name)' of guest '\(guest)'") { try await snapshot.delete() }
    }
  }

  private func snapshot(_ name: String, of domain: Domain) async throws -> DomainSnapshot {
    do {
      return try await domain.snapshot(named: name)
    } catch let error as LibvirtError where error.code == .noDomainSnapshot {
      let names = ((try? await domain.snapshots()) ?? []).map(\.name)
      throw NestorError(
        .notFound, "guest '\(domain.name)' has no snapshot '\(name)'",
        hint: EditDistance.nearest(to: name, in: names).map { "did you mean '\($0)'?" }
          ?? "see: nestor snapshot list \(domain.name)")
    } catch {
      throw NestorError(explaining: error, "cannot look up snapshot '\(name)' of guest '\(domain.name)'")
    }
  }

  /// Snapshots' names follow the rule for guests' names, since both end up in files and on command lines.
  private func snapshotName(_ text: String) throws -> String {
    do {
      return try GuestName(text).text
    } catch {
      throw NestorError(.invalidName, "a snapshot cannot have this name", cause: "\(error)")
    }
  }

  private static func timeName(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
      .replacing("T", with: "-").replacing("Z", with: "")
  }
}
