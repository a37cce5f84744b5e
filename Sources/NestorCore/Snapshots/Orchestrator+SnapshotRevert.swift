import DomainXML
import Libvirt
import NestorSupport

/// What a guest does once it is back at a snapshot's moment.
public enum RevertedState: Sendable {
  /// What it did at that moment.
  case asItWas
  /// It runs; one that was off at that moment boots.
  case running
  /// It stands still; one that was off at that moment stands before its boot.
  case paused
}

extension Orchestrator {
  /// Takes guests back to the snapshot of one name, each to its own moment.
  ///
  /// All of them have to have it before any is touched. Several stand still until the last one is there, and then go on
  /// together, so that none hears of what another does not know any more.
  public func revert(_ guests: [String], to name: String, _ state: RevertedState = .asItWas) async throws {
    try await lockingAll(guests, to: "revert") {
      var moments: [(domain: Domain, snapshot: DomainSnapshot)] = []
      for guest in guests {
        let domain = try await domain(guest)
        moments.append((domain, try await snapshot(name, of: domain)))
      }
      guard moments.count > 1 else {
        for moment in moments { try await revert(moment.domain, to: moment.snapshot, state) }
        return
      }
      try await revertTogether(moments, state)
    }
  }

  private func revertTogether(
    _ moments: [(domain: Domain, snapshot: DomainSnapshot)], _ state: RevertedState
  ) async throws {
    var waiting: [Domain] = []
    do {
      for (domain, snapshot) in moments {
        let runs = try await runsAfterwards(snapshot, state)
        try await revert(domain, to: snapshot, runs ? .paused : state)
        if runs { waiting.append(domain) }
      }
    } catch {
      // Those that are back already do what the others did before: they run.
      for domain in waiting { try? await domain.resume() }
      throw error
    }
    for domain in waiting {
      try await explaining("cannot let guest '\(domain.name)' run on") { try await domain.resume() }
    }
  }

  private func runsAfterwards(_ snapshot: DomainSnapshot, _ state: RevertedState) async throws -> Bool {
    switch state {
    case .running: return true
    case .paused: return false
    case .asItWas:
      return try await explaining("cannot read snapshot '\(snapshot.name)'") {
        try SnapshotDefinition(xml: try await snapshot.xml()).state == .running
      }
    }
  }

  private func revert(_ domain: Domain, to snapshot: DomainSnapshot, _ state: RevertedState) async throws {
    let guest = domain.name
    report(ProgressReport(guest, "going back to snapshot '\(snapshot.name)'"))
    let flags: SnapshotRevertFlags =
      switch state {
      case .asItWas: []
      case .running: .running
      case .paused: .paused
      }
    let isOwn = try await record(of: domain) != nil
    try await explaining("cannot take guest '\(guest)' back to snapshot '\(snapshot.name)'") {
      if isOwn {
        try await revertWithContextID(domain, to: snapshot, flags, ContextIDChoice(uuid: domain.uuid))
      } else {
        try await snapshot.revert(flags)
      }
    }
  }

  /// Forgets a snapshot, or all that were made after it as well; the guest and its other snapshots stay as they are.
  /// Answers with the names of those that are gone.
  public func deleteSnapshot(_ name: String, of guest: String, children: Bool = false) async throws -> [String] {
    try await locking(guest, to: "delete a snapshot of", seconds: Self.snapshotPatience) {
      let domain = try await domain(guest)
      _ = try await snapshot(name, of: domain)
      let before = try await snapshots(of: domain)
      let family = children ? SnapshotTree(before).descendants(of: name) + [name] : [name]
      // One by one, the youngest first: libvirtd 9.0 can crash over its own flag for children, and a program that is killed
      // then leaves a tree without a hole.
      try await delete(before.map(\.name).filter(family.contains).reversed(), of: domain)
      try await requireOthers(of: domain, before: before, gone: family)
      return before.map(\.name).filter(family.contains)
    }
  }

  private func delete(_ names: some Sequence<String>, of domain: Domain) async throws {
    for name in names {
      report(ProgressReport(domain.name, "deleting snapshot '\(name)'"))
      try await explaining("cannot delete snapshot '\(name)' of guest '\(domain.name)'") {
        try await domain.snapshot(named: name).delete()
      }
    }
  }

  /// Forgets the oldest snapshots of a guest: those beyond the newest `keep`, where that is given, and those that are older
  /// than `seconds`, where that is. Answers with the names of those that are gone, or would be.
  public func pruneSnapshots(
    of guest: String, keep: Int?, olderThan seconds: Double?, isTrial: Bool = false
  ) async throws -> [String] {
    try await locking(guest, to: "delete snapshots of", seconds: Self.snapshotPatience) {
      let domain = try await domain(guest)
      let before = try await snapshots(of: domain)
      let names = SnapshotTree(before).prunable(keep: keep, olderThan: seconds)
      guard !isTrial else { return names }
      try await delete(names, of: domain)
      try await requireOthers(of: domain, before: before, gone: names)
      return names
    }
  }

  /// Makes sure that only those snapshots are gone that were to go.
  private func requireOthers(of domain: Domain, before: [SnapshotSummary], gone: [String]) async throws {
    let present = Set(try await snapshots(of: domain).map(\.name))
    let lost = before.map(\.name).filter { !gone.contains($0) && !present.contains($0) }
    guard lost.isEmpty else {
      throw NestorError(
        .corrupted, "guest '\(domain.name)' has lost snapshots that were to stay: \(lost.joined(separator: ", "))",
        hint: "what its disks hold: qemu-img snapshot -l DISK, see nestor disk list \(domain.name)")
    }
  }
}
