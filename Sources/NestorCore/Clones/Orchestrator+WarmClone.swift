import DomainXML
import Glibc
import GuestClient
import GuestProtocol
import Libvirt
import NestorSupport
import Templates

extension Orchestrator {
  /// Makes guests that run on from the memory of another, each with an identity of its own; answers with their names.
  ///
  /// The source stands still while its memory and disks are copied. A copy first runs with its cables out, until its agent
  /// has given it its own name, machine ID, SSH host keys, random numbers, network addresses and agent's key; only then do
  /// the cables go in. So nobody ever sees two guests with one address. `snapshot` is a moment of the source's; nil is now.
  /// Where one copy cannot be finished, none is left.
  public func cloneWarm(_ source: String, to names: [GuestName], from snapshot: String?) async throws -> [String] {
    try await requireLocal("clone a guest")
    return try await lockingAll([source] + names.map(\.text), to: "clone") {
      let domain = try await domain(source)
      for name in names { try await requireFree(name.text) }
      let (moment, made) = try await freeze(domain, snapshot, names.map(\.text))
      let byName = Dictionary(made.map { ($0.name, $0) }) { first, _ in first }
      let results = await Batch.run(made.map(\.name)) { name in
        if let copy = byName[name] { try await self.bringToLife(copy, moment) }
      }
      for case .failure(let error) in results.map(\.outcome) {
        for copy in made { try? await takeAway(copy) }
        throw error
      }
      return made.map(\.name)
    }
  }

  /// Makes sure that a name is free; a guest that was left half made or half deleted is cleared away.
  private func requireFree(_ name: String) async throws {
    let domain: Domain
    do {
      domain = try await connection.domain(named: name)
    } catch let error as LibvirtError where error.code == .noDomain {
      return
    } catch {
      throw NestorError(explaining: error, "cannot look up guest '\(name)'")
    }
    guard let record = try await record(of: domain), record.stage != .complete else {
      throw NestorError(.exists, "guest '\(name)' exists already", hint: "choose another name")
    }
    warn("guest '\(name)' was left half \(record.stage == .incomplete ? "made" : "deleted"); it is made anew")
    try await deleteLocked(domain, force: true)
  }

  /// Copies the source's disks as they are at a moment, one set for each new guest, while it stands still.
  private func freeze(
    _ domain: Domain, _ snapshot: String?, _ names: [String]
  ) async throws -> (CloneSource, [CloneIdentity]) {
    let isRunning = try await domain.state().status == .running
    guard isRunning || snapshot != nil else {
      throw NestorError(
        .invalidState, "guest '\(domain.name)' does not run, so it has no memory to go on from",
        hint: "start it: nestor start \(domain.name), or name a snapshot with --from")
    }
    return try await standingStill([domain]) { _ in
      guard let snapshot else {
        let failure = "cannot keep the memory of guest '\(domain.name)'"
        if let left = try? await domain.snapshot(named: Self.momentOfClones) {
          try await explaining(failure) { try await left.delete() }
        }
        let moment = try await explaining(failure) {
          try await domain.createSnapshot(xml: try SnapshotDefinition(name: Self.momentOfClones).xml())
        }
        do {
          let made = try await copies(of: domain, at: Self.momentOfClones, names)
          try await explaining(failure) { try await moment.delete() }
          return made
        } catch {
          try? await moment.delete()
          throw error
        }
      }
      return try await copies(of: domain, at: snapshot, names)
    }
  }

  /// Defines the copies with their files; none is left where one fails.
  private func copies(
    of domain: Domain, at moment: String, _ names: [String]
  ) async throws -> (CloneSource, [CloneIdentity]) {
    let source = try await source(domain, moment)
    var made: [CloneIdentity] = []
    do {
      for name in names {
        let copy = CloneIdentity(source: (domain.name, domain.uuid), name: name, uuid: Identifiers.randomUUID())
        made.append(copy)
        try await define(copy, source)
      }
      return (source, made)
    } catch {
      for copy in made { try? await takeAway(copy) }
      throw error
    }
  }

  /// The source at its moment, as far as a copy can be made of that.
  private func source(_ domain: Domain, _ name: String) async throws -> CloneSource {
    let failure = "cannot clone guest '\(domain.name)'"
    guard let record = try await record(of: domain) else {
      throw NestorError(.unsupported, failure, cause: "it was not made by nestor")
    }
    try refuseUnfinished(record, domain.name, to: "clone")
    let snapshot = try await snapshot(name, of: domain)
    let moment = try await explaining(failure) { try SnapshotDefinition(xml: try await snapshot.xml(secure: true)) }
    guard moment.state == .running || moment.state == .paused, let definition = moment.domain else {
      throw NestorError(
        .invalidState, failure, cause: "it did not run at the moment '\(name)'",
        hint: "choose a snapshot of a running guest: nestor snapshot list \(domain.name)")
    }
    guard FileTree.exists(state.agentKey(domain.uuid)) else {
      throw NestorError(
        .unsupported, failure, cause: "it has no agent, and without one a copy would keep the name and the addresses",
        hint: "make it from a template with agent: {enabled: true}")
    }
    let folder = state.guest(domain.uuid)
    let others = try await snapshots(of: domain).map(\.name).filter { $0 != name }
    let source = CloneSource(
      domain: domain, record: record, moment: moment, definition: definition, otherMoments: others)
    if let foreign = source.disks.first(where: { !$0.hasPrefix("\(folder)/") }) {
      throw NestorError(
        .unsupported, failure, cause: "its disk \(foreign) is not Nestor's, and two guests cannot write it",
        hint: "import it as an image: nestor image import \(foreign)")
    }
    return source
  }

  /// Defines a copy with its files; the domain comes first, marked incomplete, see ``create(_:)``.
  private func define(_ copy: CloneIdentity, _ source: CloneSource) async throws {
    report(ProgressReport(copy.name, "copying the disks of '\(copy.source.name)'"))
    var record = source.record
    record.stage = .incomplete
    record.contextID = nil
    let definition = try copy.definition(
      source.moment.inactiveDomain ?? source.definition, record: record)
    let xml = try definition.xml()
    let domain = try await explaining("cannot define guest '\(copy.name)'") {
      try await connection.defineDomain(xml: xml)
    }
    let folder = state.guest(copy.uuid)
    try await explaining("cannot make the folder of guest '\(copy.name)'") {
      try FileTree.makeDirectory(folder, mode: 0o711)
    }
    for disk in source.disks {
      try await DiskFile.copy(
        disk, to: disk.replacing(copy.source.uuid, with: copy.uuid), withoutSnapshots: source.otherMoments)
    }
    let courier = Courier(state: state, uuid: copy.source.uuid)
    let cards = copy.cards(source.definition)
    if let delivery = try courier.delivery(
      name: copy.name, uuid: copy.uuid, cards: cards, agent: AgentProgram.find())
    {
      try await explaining("cannot bring the agent and its settings to guest '\(copy.name)'") {
        try await Courier(state: state, uuid: copy.uuid).deliver(delivery)
      }
    }
    try await reserveAddresses(of: domain)
    try await adopt(copy, source, record, domain)
  }

  /// Makes the source's moment known as one of the copy's, with its cables out.
  private func adopt(
    _ copy: CloneIdentity, _ source: CloneSource, _ record: GuestRecord, _ domain: Domain
  ) async throws {
    var moment = source.moment
    moment.parent = nil
    moment.domain = try copy.definition(source.definition, record: record, linksDown: true)
    moment.inactiveDomain = try copy.definition(source.moment.inactiveDomain ?? source.definition, record: record)
    let xml = try moment.xml()
    _ = try await explaining("cannot give the memory of '\(copy.source.name)' to guest '\(copy.name)'") {
      try await domain.createSnapshot(xml: xml, [.redefine, .current])
    }
  }

  /// Lets a copy run on, gives it its identity, and plugs its cables in.
  private func bringToLife(_ copy: CloneIdentity, _ source: CloneSource) async throws {
    let domain = try await domain(copy.name)
    report(ProgressReport(copy.name, "waking it"))
    guard let name = source.moment.name else { return }
    let snapshot = try await snapshot(name, of: domain)
    try await explaining("cannot wake guest '\(copy.name)'") {
      try await revertWithContextID(domain, to: snapshot, .paused, ContextIDChoice(uuid: copy.uuid))
      try await domain.resume()
    }
    report(ProgressReport(copy.name, "giving it an identity of its own"))
    try await giveIdentity(copy, source, domain)
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
    var record = source.record
    record.stage = .complete
    record.contextID = nil
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
    let reply = try await withSession(copy.name, key: old, timeout: 60) { [request] session in
      var now = timespec()
      clock_gettime(CLOCK_REALTIME, &now)
      // An agent that may not set it says so in its own log; the identity is what matters.
      _ = try? session.setClock(Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
      return try session.resetIdentity(request)
    }
    guard reply.tookKey else {
      throw NestorError(
        .unsupported, "guest '\(copy.name)' did not take a key of its own",
        cause: reply.problems.joined(separator: "; "),
        hint: "its agent is old: restart the source '\(copy.source.name)', which brings the present one")
    }
    for problem in reply.problems { warn("guest '\(copy.name)': \(problem)") }
  }

  /// Deletes a copy that could not be finished.
  private func takeAway(_ copy: CloneIdentity) async throws {
    guard let domain = try? await connection.domain(named: copy.name), domain.uuid == copy.uuid else { return }
    try await deleteLocked(domain, force: true)
  }
}
