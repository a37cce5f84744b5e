import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport

/// What a guest does once it is back at a snapshot's moment.
public enum RevertedState: String, Codable, Sendable {
  /// What it did at that moment.
  case asItWas
  /// It runs; one that was off at that moment boots.
  case running
  /// It stands still; one that was off at that moment stands before its boot.
  case paused

  /// The same in libvirt's words.
  var flags: SnapshotRevertFlags {
    switch self {
    case .asItWas: []
    case .running: .running
    case .paused: .paused
    }
  }
}

extension Hypervisor {
  /// Takes guests back to the snapshot of one name, each to its own moment.
  ///
  /// All of them have to have it before any is touched. Several stand still until the last one is there, and then go on
  /// together, so that none hears of what another does not know any more. A task that is cancelled waits for no other nestor,
  /// but finishes what has begun.
  public func revert(_ guests: [String], to name: String, _ state: RevertedState = .asItWas) async throws {
    try await lockingAll(guests, to: "revert") {
      try Task.checkCancellation()
      try await unbroken { [self] in
        var moments: [(domain: Domain, snapshot: DomainSnapshot)] = []
        for guest in guests {
          let domain = try await domain(guest)
          moments.append((domain, try await snapshot(name, of: domain)))
        }
        guard moments.count == 1, let moment = moments.first else { return try await revertTogether(moments, state) }
        // One that boots asks for the time itself.
        if try await revert(moment.domain, to: moment.snapshot, state) { await setClock(of: moment.domain) }
      }
    }
  }

  private func revertTogether(
    _ moments: [(domain: Domain, snapshot: DomainSnapshot)], _ state: RevertedState
  ) async throws {
    var (back, waiting, late): ([Domain], [Domain], [Domain]) = ([], [], [])
    do {
      for (domain, snapshot) in moments {
        let runs = try await runsAfterwards(snapshot, state)
        if runs { waiting.append(domain) }
        let holdsMemory = try await revert(domain, to: snapshot, runs ? .running : state, standsStill: runs)
        back.append(domain)
        if runs, holdsMemory { late.append(domain) }
      }
    } catch {
      // Those that are back already do what the others did before: they run.
      try? await runOn(waiting)
      for domain in late { await setClock(of: domain) }
      if !back.isEmpty {
        warn("back at that moment already: \(back.map { "'\($0.name)'" }.joined(separator: ", ")); the others are not")
      }
      throw error
    }
    try await runOn(waiting)
    await withTaskGroup { group in
      for domain in late { group.addTask { await self.setClock(of: domain) } }
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

  func holdsMemory(_ snapshot: DomainSnapshot) async throws -> Bool {
    try await explaining("cannot read snapshot '\(snapshot.name)'") {
      try SnapshotDefinition(xml: try await snapshot.xml()).holdsMemory
    }
  }

  /// Takes a domain back whose lock is held; answers whether the snapshot holds memory. With `standsStill` it stands
  /// still, and ``runOn(_:)`` has to follow.
  private func revert(
    _ domain: Domain, to snapshot: DomainSnapshot, _ state: RevertedState, standsStill: Bool = false
  ) async throws -> Bool {
    let guest = domain.name
    let flags = standsStill ? SnapshotRevertFlags.paused : state.flags
    report(ProgressReport(guest, "going back to snapshot '\(snapshot.name)'"))
    let isOwn = try await record(of: domain) != nil
    return try await explaining("cannot take guest '\(guest)' back to snapshot '\(snapshot.name)'") {
      let moment = try SnapshotDefinition(xml: try await snapshot.xml(secure: true))
      let before = try DomainDefinition(xml: try await domain.xml([.inactive, .secure])).devices.interfaces
      let isOnAfterwards = moment.holdsMemory || state != .asItWas
      if isOwn, isOnAfterwards, let then = moment.domain { try await startNetworks(of: domain, then) }
      try await noting(.revert(snapshot.name, state), on: domain, standsStill: standsStill) {
        try await goBack(domain, to: snapshot, flags, isOwn: isOwn, holdsMemory: moment.holdsMemory)
      }
      if isOwn { await reserveAnew(domain, before) }
      return moment.holdsMemory
    }
  }

  /// Takes a domain back, without a note of that; its saved memory is given up then, which libvirt would wake at the next
  /// start, on disks that are others.
  func goBack(
    _ domain: Domain, to snapshot: DomainSnapshot, _ flags: SnapshotRevertFlags, isOwn: Bool, holdsMemory: Bool
  ) async throws {
    var flags = flags
    // For this reason alone libvirt would refuse without it; what it sleeps with stays until it is back.
    let sleeps = holdsMemory ? false : (try? await domain.hasManagedSave()) == true
    if sleeps { flags.insert(.force) }
    do {
      if isOwn {
        try await revertWithContextID(domain, to: snapshot, flags, ContextIDChoice(uuid: domain.uuid))
      } else {
        try await snapshot.revertRetrying(flags)
      }
    } catch let error as LibvirtError where sleeps && !error.isOfAbility {
      // The disks may be others already, which its memory does not fit.
      try? await removeSavedMemory(of: domain)
      warn("the memory that guest '\(domain.name)' slept with is given up; it boots at its next start")
      throw error
    }
    try await removeSavedMemory(of: domain)
  }

  /// Gives back the addresses of cards that a guest does not have any more, and has those kept that it has again; warns
  /// where that cannot be done, since the guest is what it was to be.
  func reserveAnew(_ domain: Domain, _ before: [NetworkInterface]) async {
    do {
      try await explaining("cannot see to the addresses of guest '\(domain.name)'") {
        let after = try DomainDefinition(xml: try await domain.xml([.inactive, .secure])).devices.interfaces
        let places = { (cards: [NetworkInterface]) in cards.map { [$0.mac?.lowercased(), $0.networkName] } }
        guard places(before) != places(after) else { return }
        let gone = before.filter { old in !after.contains { $0.mac == old.mac && $0.networkName == old.networkName } }
        try await releaseAddresses(of: domain.name, gone)
        await keepAddresses(of: domain)
      }
    } catch {
      warn("\(error)")
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
      let names = before.map(\.name).filter(family.contains)
      try await watchingOthers(of: domain, but: names) { try await delete(names, of: domain) }
      return names
    }
  }

  /// Deletes snapshots whose names come oldest first, until the task is cancelled.
  private func delete(_ names: [String], of domain: Domain) async throws {
    // One by one, the youngest first: libvirtd 9.0 can crash over its own flag for children, and whoever ends half-way
    // leaves a tree without a hole.
    for (index, name) in names.reversed().enumerated() {
      guard !Task.isCancelled else {
        throw NestorError(
          .interrupted, "not all snapshots of guest '\(domain.name)' were deleted",
          cause: "that was cancelled after \(index) of \(names.count)",
          hint: "the rest: nestor snapshot list \(domain.name)")
      }
      report(ProgressReport(domain.name, "deleting snapshot '\(name)'"))
      try await explaining("cannot delete snapshot '\(name)' of guest '\(domain.name)'") {
        try await noting(.deletion(name), on: domain) {
          try await deleteSnapshotWhole(try await domain.snapshot(named: name), of: domain)
        }
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
      try await watchingOthers(of: domain, but: names) { try await delete(names, of: domain) }
      return names
    }
  }
}

extension LibvirtError {
  /// Whether libvirt cannot do what was asked at all, so that it has not begun with it.
  fileprivate var isOfAbility: Bool {
    [.configUnsupported, .argumentUnsupported, .operationUnsupported].contains(code)
  }
}
