import DomainXML
import GuestClient
import GuestProtocol
import Libvirt
import LibvirtFailures
import NestorSupport
import Templates

extension Hypervisor {
  /// Makes guests that run on from the memory of another, each with an identity of its own; answers with their names.
  ///
  /// The source stands still while its memory and disks are copied. A copy first runs with its cables out, until its agent
  /// has given it its own name, machine ID, SSH host keys, random numbers, network addresses and agent's key; only then do
  /// the cables go in. So nobody ever sees two guests with one address. `snapshot` is a moment of the source's; nil is now.
  /// Where one copy cannot be finished, none is left.
  func cloneWarm(_ source: String, to names: [GuestName], from snapshot: String?) async throws -> [String] {
    try await copying(source, to: names) { domain, copies in
      if snapshot == nil { try await requireRunning(domain) }
      let present = try await recordOfSource(domain)
      let definition = try await definition(of: domain, snapshot)
      // At a moment of long ago its disks may have been others, over other images.
      let record = try definition.guestRecord() ?? present
      try await eachOf(copies) { copy in
        _ = try await self.define(copy, try copy.definition(definition, record: copy.record(record)))
      }
      let reservations = ReservationQueue()
      do {
        // What they boot from later is made while the source's memory is written.
        async let delivery: Void = eachOf(copies) { copy in try await self.deliver(copy, definition) }
        let source = try await freezeMemory(domain, record, snapshot, copies)
        try await delivery
        try await eachOf(copies) { copy in try await self.bringToLife(copy, source, reservations) }
      } catch {
        // An address that was reserved later would stay so.
        await reservations.close()
        throw error
      }
      if !definition.devices.tpms.isEmpty {
        warn("the TPMs of the copies of '\(domain.name)' hold the same keys as its own")
      }
    }
  }

  private func requireRunning(_ domain: Domain) async throws {
    let status = try await status(of: domain, record: nil)
    guard status != .running else { return }
    let isPaused = status == .paused
    throw NestorError(
      .invalidState,
      isPaused
        ? "guest '\(domain.name)' stands still, so its copies would too"
        : "guest '\(domain.name)' does not run, so it has no memory to go on from",
      hint:
        "\(isPaused ? "let it run on: nestor resume" : "start it: nestor start") \(domain.name), or name a snapshot "
        + "with --from")
  }

  /// What copies of a guest are defined from: its definition now, or at a moment. Throws where they cannot run on from there.
  private func definition(of domain: Domain, _ snapshot: String?) async throws -> DomainDefinition {
    let failure = "cannot clone guest '\(domain.name)' as it runs"
    let version = try await explaining("cannot ask for libvirt's version") { try await connection.libvirtVersion() }
    guard FileTree.exists(state.agentKey(domain.uuid)) else {
      throw NestorError(
        .unsupported, failure, cause: "it has no agent, and without one a copy would keep the name and the addresses",
        hint: "make it from a template with agent: {enabled: true}")
    }
    let fixed = try Courier(state: state, uuid: domain.uuid).fixedAddresses()
    guard fixed.isEmpty else {
      throw NestorError(
        .unsupported, failure,
        cause: "its networkConfig gives it \(fixed.joined(separator: ", ")), which a copy that runs on would have too",
        hint: "let the network reserve its address instead: networks: [{address: …}], or copy its disks with --full")
    }
    let moment = try await memory(of: domain, snapshot)
    let running = try await explaining("cannot read guest '\(domain.name)'") {
      try DomainDefinition(xml: try await domain.xml(.secure))
    }
    let definition = moment?.domain ?? running
    let hint = "copy its disks: nestor stop \(domain.name), then nestor clone --full \(domain.name) NEW"
    // They lie in a file beside the disks, to which only the guest of that name can go back.
    guard !definition.hasFirmwareVariables else {
      throw NestorError(
        .unsupported, failure, cause: "it boots by UEFI, whose variables a copy cannot take over while it runs",
        hint: hint)
    }
    if moment == nil, let obstacle = SnapshotObstacle(to: definition, isActive: true, libvirt: version) {
      throw NestorError(.unsupported, failure, cause: obstacle.cause, hint: hint)
    }
    guard try await snapshots(of: domain).allSatisfy({ !$0.isInFiles }) else {
      throw NestorError(
        .unsupported, failure, cause: "it has snapshots of its disks alone, whose files it shares with no other",
        hint: "copy its disks: nestor clone --full \(domain.name) NEW, or delete those snapshots")
    }
    try requireOwn(definition.disksToCopy(state.guest(domain.uuid)).map(\.path), of: domain)
    if let then = moment?.inactiveDomain { return then }
    return try await explaining("cannot read guest '\(domain.name)'") {
      try DomainDefinition(xml: try await domain.xml([.inactive, .secure]))
    }
  }

  /// A snapshot of a guest; throws where it does not hold the memory.
  private func memory(of domain: Domain, _ name: String?) async throws -> SnapshotDefinition? {
    guard let name else { return nil }
    let snapshot = try await snapshot(name, of: domain)
    let moment = try await explaining("cannot read snapshot '\(name)'") {
      try SnapshotDefinition(xml: try await snapshot.xml(secure: true))
    }
    guard moment.holdsMemory, moment.domain != nil, !moment.isInFiles else {
      throw NestorError(
        .invalidState, "cannot clone guest '\(domain.name)' as it runs",
        cause: "it did not run at the moment '\(name)'",
        hint: "choose a snapshot of a running guest: nestor snapshot list \(domain.name)")
    }
    return moment
  }

  /// Copies the source's disks as they are at a moment, one set for each copy, while it stands still; answers with that
  /// moment.
  private func freezeMemory(
    _ domain: Domain, _ record: GuestRecord, _ snapshot: String?, _ copies: [CloneIdentity]
  ) async throws -> CloneSource {
    try await standingStill([domain], taking: snapshot == nil ? [domain.uuid: Self.momentOfClones] : [:]) { _ in
      guard let snapshot else {
        let failure = "cannot keep the memory of guest '\(domain.name)'"
        if let left = try? await domain.snapshot(named: Self.momentOfClones) {
          try await explaining(failure) { try await left.delete() }
        }
        let moment = try await explaining(failure) {
          try await domain.createSnapshot(xml: try SnapshotDefinition(name: Self.momentOfClones).xml())
        }
        do {
          let source = try await copyDisks(of: domain, record, at: Self.momentOfClones, copies)
          try await explaining(failure) { try await moment.delete() }
          return source
        } catch {
          try? await moment.delete()
          throw error
        }
      }
      return try await copyDisks(of: domain, record, at: snapshot, copies)
    }
  }

  /// Gives the copies their disks, and the moment in these.
  private func copyDisks(
    of domain: Domain, _ record: GuestRecord, at name: String, _ copies: [CloneIdentity]
  ) async throws -> CloneSource {
    guard let moment = try await memory(of: domain, name), let definition = moment.domain else {
      throw NestorError(.corrupted, "cannot clone guest '\(domain.name)'", cause: "its snapshot '\(name)' is gone")
    }
    // Again, now that nothing changes any more: another's disk would be copied over itself.
    let disks = definition.disksToCopy(state.guest(domain.uuid))
    try requireOwn(disks.map(\.path), of: domain)
    let others = try await snapshots(of: domain).map(\.name).filter { $0 != name }
    let source = CloneSource(
      domain: domain, record: record, moment: moment, definition: definition)
    try await eachOf(copies) { copy in
      self.report(ProgressReport(copy.name, "copying the disks of '\(copy.source.name)'"))
      for (disk, path) in disks {
        try await DiskFile.copy(
          path, to: path.replacing(copy.source.uuid, with: copy.uuid), withoutSnapshots: disk.isKept ? others : [])
      }
      try await self.adopt(copy, source)
    }
    return source
  }

  /// Makes the source's moment known as one of the copy's, with its cables out.
  private func adopt(_ copy: CloneIdentity, _ source: CloneSource) async throws {
    let domain = try await domain(copy.name)
    let record = copy.record(source.record)
    var moment = source.moment
    moment.parent = nil
    moment.domain = try copy.definition(source.definition, record: record, linksDown: true)
    moment.inactiveDomain = try copy.definition(source.moment.inactiveDomain ?? source.definition, record: record)
    let xml = try moment.xml()
    _ = try await explaining("cannot give the memory of '\(copy.source.name)' to guest '\(copy.name)'") {
      try await domain.createSnapshot(xml: xml, [.redefine, .current])
    }
  }

  /// Lets a copy run on, gives it its identity, and plugs its cables in when its addresses are reserved.
  private func bringToLife(
    _ copy: CloneIdentity, _ source: CloneSource, _ reservations: ReservationQueue
  ) async throws {
    let domain = try await domain(copy.name)
    report(ProgressReport(copy.name, "waking it"))
    guard let name = source.moment.name else { return }
    let snapshot = try await snapshot(name, of: domain)
    try await explaining("cannot wake guest '\(copy.name)'") {
      try await revertWithContextID(domain, to: snapshot, .paused, ContextIDChoice(uuid: copy.uuid))
      try await domain.resume()
    }
    report(ProgressReport(copy.name, "giving it an identity of its own"))
    // Not before: its start would have to wait for the network.
    async let addresses: Void = reservations.reserve { try await self.reserveAddresses(of: domain) }
    try await giveIdentity(copy, source, domain)
    try await addresses
    let live = try await explaining("cannot read guest '\(copy.name)'") {
      try DomainDefinition(xml: try await domain.xml())
    }
    for (index, card) in live.devices.interfaces.enumerated() {
      var card = card
      // As the source's was.
      card.isLinkUp = source.definition.devices.interfaces[index].isLinkUp
      let xml = try card.xml()
      try await explaining("cannot plug in the cables of guest '\(copy.name)'") {
        try await domain.updateDevice(xml: xml, scope: .live)
      }
    }
    try await explaining("cannot drop the memory that guest '\(copy.name)' began with") { try await snapshot.delete() }
    var record = copy.record(source.record)
    record.stage = .complete
    try await write(record, to: domain)
  }

  private func giveIdentity(_ copy: CloneIdentity, _ source: CloneSource, _ domain: Domain) async throws {
    let old = try GuestKey(file: try FileTree.read(state.agentKey(copy.source.uuid)))
    var request = IdentityRequest()
    request.hostname = SeedSettings.hostName(copy.name)
    request.resetsMachineID = true
    request.resetsHostKeys = true
    request.renewsNetwork = true
    request.seed = (0..<64).map { _ in UInt8.random(in: 0...255) }
    request.keyFile = try FileTree.read(state.agentKey(copy.uuid))
    request.interfaces = copy.cards(source.definition).map { card in
      var identity = InterfaceIdentity()
      (identity.oldMAC, identity.newMAC) = (card.old, card.new)
      return identity
    }
    let (reply, kept) = try await guest(domain).agent.withSession(key: old, timeout: 60) { [request, warn] session in
      // The identity is what matters.
      do { try session.setClockToNow() } catch { warn("the clock of guest '\(copy.name)' may be behind: \(error)") }
      let inherited = InheritedAddresses(try session.report(), cards: request.interfaces.map(\.oldMAC))
      return (try session.resetIdentity(request), try inherited.leftAfter(seconds: 10) { try session.report() })
    }
    guard reply.tookKey else {
      throw NestorError(
        .unsupported, "guest '\(copy.name)' did not take a key of its own",
        cause: reply.problems.joined(separator: "; "),
        hint: "its agent is old: restart the source '\(copy.source.name)', which brings the present one")
    }
    guard kept.isEmpty else {
      throw NestorError(
        .unsupported, "guest '\(copy.name)' keeps \(kept.joined(separator: ", ")) of its source '\(copy.source.name)'",
        cause: reply.problems.isEmpty
          ? "its system did not get it from a DHCP server" : reply.problems.joined(separator: "; "),
        hint: "copy the disks instead, and give each copy its own: nestor clone --full \(copy.source.name) NEW")
    }
    for problem in reply.problems { warn("guest '\(copy.name)': \(problem)") }
  }
}
