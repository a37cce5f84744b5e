import DomainXML
import GuestClient
import GuestProtocol
import Libvirt
import NestorSupport

extension LockedGuest {
  /// Makes guests that start from the memory of this one, each with an identity of its own.
  ///
  /// The source is paused while its memory and disks are copied. A copy first runs with its links down, until its agent has
  /// given it its own name, machine ID, SSH host keys, random numbers, network addresses and agent's key; only then do the
  /// links go up. So nobody ever sees two guests with one address. `snapshot` is a snapshot of the source's; nil is now.
  /// `timeout` is how long each copy's agent may take.
  func cloneMemory(to identities: [CloneIdentity], from snapshot: String?, timeout: Duration) async throws {
    if snapshot == nil { try await requireRunning() }
    let present = try await recordToClone()
    let definition = try await definitionToClone(from: snapshot)
    // At a snapshot of long ago its disks may have been others, over other images.
    let record = try definition.guestRecord() ?? present
    if snapshot == nil { try await freeNameForClones() }
    let fixed = try await unreservedAddresses(of: definition)
    let clones = try await Batch.each(identities) { [hypervisor] identity in
      try await NewClone(identity, of: definition, identity.record(record), by: hypervisor)
    }
    let reservations = ReservationQueue()
    do {
      // What they boot from later is made while the source's memory is written.
      async let provisioning: [Void] = Batch.each(clones) { try await $0.provision(definition, isWarm: true) }
      let source = try await copyMemory(record, from: snapshot, to: clones)
      _ = try await provisioning
      try await Batch.each(clones) { try await $0.start(source, reservations, fixed, timeout: timeout) }
    } catch {
      // An address that was reserved later would stay so.
      await reservations.close()
      throw error
    }
    if !definition.devices.tpms.isEmpty {
      hypervisor.warn("the TPMs of the copies of '\(name)' hold the same keys as its own")
    }
  }

  /// The addresses that no network of libvirt's keeps for the guest, as far as its agent can tell at the moment.
  ///
  /// Its copies may show them only when their links are up: systemd's networkd sets an address of a file's then.
  private func unreservedAddresses(of definition: DomainDefinition) async throws -> InheritedAddresses {
    let nics = definition.devices.interfaces
    let reserved = try await attempt { try await hypervisor.reservedAddresses(of: nics) }
    var report = GuestReport()
    if try await guest.status() == .running {
      do {
        report = try await agent.withSession { try $0.report() }
      } catch let error as NestorError {
        let reason = error.cause ?? error.message
        hypervisor.warn("guest '\(name)' did not tell its addresses, so a copy may keep one of them: \(reason)")
      }
    }
    return InheritedAddresses(report, nics: nics.compactMap(\.mac), except: reserved)
  }

  private func requireRunning() async throws {
    let status = try await guest.status()
    guard status != .running else { return }
    if status == .panicked { throw guest.notRunning(status) }
    let isPaused = status == .paused
    throw NestorError(
      .invalidState,
      isPaused
        ? "guest '\(name)' stands still, so its copies would too"
        : "guest '\(name)' does not run, so it has no memory to go on from",
      hint: "\(isPaused ? "let it run on: nestor resume" : "start it: nestor start") \(name), or name a snapshot "
        + "with --from")
  }

  /// What copies are defined from: the guest's definition now, or at a snapshot. Throws where they cannot start from there.
  private func definitionToClone(from snapshot: String?) async throws -> DomainDefinition {
    let failure = "cannot clone guest '\(name)' as it runs"
    let copyingDisks = "nestor clone --full \(name) NEW"
    func refuse(_ cause: String, hint: String) -> NestorError {
      NestorError(.unsupported, failure, cause: cause, hint: hint)
    }
    guard agent.isThere else {
      throw refuse(
        "it has no agent, and without one a copy would keep the name and the addresses",
        hint: "make it from a template with agent: {enabled: true}")
    }
    let fixed = try provisioning.fixedAddresses()
    guard fixed.isEmpty else {
      throw refuse(
        "its networkConfig gives it \(fixed.joined(separator: ", ")), which a copy that runs on would have too",
        hint: "let the network reserve its address instead: networks: [{address: …}], or copy its disks with --full")
    }
    var past: (snapshot: SnapshotDefinition, domain: DomainDefinition)?
    if let snapshot { past = try await snapshotWithMemory(snapshot) }
    let running = try await attempt { try DomainDefinition(xml: try await domain.xml(.secure)) }
    let definition = past?.domain ?? running
    let hint = "copy its disks: nestor stop \(name), then \(copyingDisks)"
    if let blocker = try await blocker(to: .warmClone, of: definition) { throw refuse(blocker.cause, hint: hint) }
    if definition.hasFirmwareVariables, definition.firmwareVariables(in: directory) == nil {
      let path = definition.os.nvram?.path ?? "a place unknown"
      throw refuse("its firmware's variables are in \(path), outside of its directory", hint: hint)
    }
    guard try await attempt({ try await snapshots.definitions() }).allSatisfy({ !$0.definition.isInFiles }) else {
      throw refuse(
        "it has snapshots of its disks alone, whose files it shares with no other",
        hint: "copy its disks: \(copyingDisks), or delete those snapshots")
    }
    try requireOwn(definition.disksToCopy(directory).map(\.path))
    if let then = past?.snapshot.inactiveDomain { return then }
    return try await attempt { try DomainDefinition(xml: try await domain.xml([.inactive, .secure])) }
  }

  /// A snapshot of the guest with its passwords; throws where it does not hold the memory.
  private func snapshotWithMemory(
    _ name: String
  ) async throws -> (snapshot: SnapshotDefinition, domain: DomainDefinition) {
    let snapshot = try await snapshots.named(name).definition(secure: true)
    guard snapshot.holdsMemory, let domain = snapshot.domain, !snapshot.isInFiles else {
      throw NestorError(
        .invalidState, "cannot clone guest '\(self.name)' as it runs",
        cause: "it did not run at the moment '\(name)'",
        hint: "choose a snapshot of a running guest: nestor snapshot list \(self.name)")
    }
    return (snapshot, domain)
  }

  /// Deletes the snapshot that a clone left which was killed; refuses one of its name that somebody else took.
  private func freeNameForClones() async throws {
    guard let found = try await attempt({ try await snapshots.find(Snapshot.nameForClones) }) else { return }
    guard try await !found.isForeign() else {
      throw error(
        .exists, "it has a snapshot '\(found.name)' that nestor did not take, and copies need the name",
        hint:
          "start the copies from it: --from \(found.name); or delete it: nestor snapshot delete \(name) \(found.name)")
    }
    try await attempt { try await delete(found) }
  }

  /// Gives the copies the guest's disks and memory, while it is paused: those of a snapshot, or of one that is taken for
  /// that; returns that snapshot.
  private func copyMemory(
    _ record: GuestRecord, from snapshot: String?, to clones: [NewClone]
  ) async throws -> WarmCloneSource {
    let names = snapshot == nil ? [uuid: Snapshot.nameForClones] : [:]
    return try await hypervisor.withGuestsPaused([self], taking: names) { _ in
      if let snapshot { return try await copyDisks(record, at: snapshot, to: clones) }
      let failure = "cannot keep the memory of guest '\(name)'"
      let definition = SnapshotDefinition(
        name: Snapshot.nameForClones, description: Snapshot.descriptionForClones)
      let taken = try await withContext(failure) { try await domain.createSnapshot(xml: try definition.xml()) }
      do {
        let source = try await copyDisks(record, at: Snapshot.nameForClones, to: clones)
        try await withContext(failure) { try await taken.delete() }
        return source
      } catch {
        try? await taken.delete()
        throw error
      }
    }
  }

  /// Gives the copies their disks, and the snapshot in these.
  private func copyDisks(
    _ record: GuestRecord, at snapshotName: String, to clones: [NewClone]
  ) async throws -> WarmCloneSource {
    let (snapshot, definition) = try await snapshotWithMemory(snapshotName)
    // Again, now that nothing changes any more: another's disk would be copied over itself.
    let disks = definition.disksToCopy(directory)
    try requireOwn(disks.map(\.path))
    let others = try await attempt { try await domain.snapshots() }.map(\.name).filter { $0 != snapshotName }
    let source = WarmCloneSource(
      record: record, snapshotName: snapshotName, snapshot: snapshot, definition: definition)
    var files = disks.map { (path: $0.path, hasSnapshots: $0.disk.isKept) }
    if let variables = definition.firmwareVariables(in: directory) {
      files.append((path: variables, hasSnapshots: true))
    }
    try await Batch.each(clones) { [uuid, files] clone in
      clone.report("copying the disks of '\(clone.identity.source.name)'")
      for (path, hasSnapshots) in files {
        try await DiskFile.copy(
          path, to: path.replacing(uuid, with: clone.identity.uuid), withoutSnapshots: hasSnapshots ? others : [])
      }
      try await clone.importSnapshot(source)
    }
    return source
  }
}
