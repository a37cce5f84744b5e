import DomainXML
import FoundationEssentials
import Libvirt
import LibvirtFailures
import NestorSupport
import Templates

extension Hypervisor {
  /// How long a command about snapshots waits for another nestor that works on the guest, in seconds.
  static let snapshotPatience: Double = 600

  /// What is taken of one guest.
  private struct Taking: Sendable {
    let domain: Domain
    let name: String
    let xml: String
    let place: SnapshotPlace
    var flags: SnapshotCreateFlags { place == .files ? [.diskOnly, .atomic] : [] }
  }

  /// Keeps one moment of guests: memory, disks and settings together, unless the disks alone are asked for; answers with
  /// the snapshots' name.
  ///
  /// Several guests are paused first and run on together, so that what one has heard from another is known to both. When
  /// one of them cannot be kept, none is. See ``SnapshotPlace`` for where a snapshot lies. A guest that is only half made
  /// is refused, since going back would bring that state back. A task that is cancelled waits for no other nestor, but
  /// finishes what has begun.
  public func createSnapshots(of guests: [String], _ request: SnapshotRequest = SnapshotRequest()) async throws
    -> String
  {
    guard request.isDiskOnly || !request.isQuiesced else {
      throw NestorError(
        .invalidArgument, "file systems are frozen only for a snapshot without the memory",
        cause: "a guest would come back with frozen ones", hint: "add --disk-only, or leave out --quiesce")
    }
    let name = try request.name.map { try Self.snapshotName($0) } ?? Self.timeName(Date())
    return try await lockingAll(guests, to: "take a snapshot of") {
      try Task.checkCancellation()
      try await unbroken { [self] in
        var takings: [Taking] = []
        for guest in guests { takings.append(try await plan(request, name, of: try await domain(guest))) }
        if request.isQuiesced {
          try await takeFrozen(takings)
        } else {
          try await take(takings)
        }
      }
      return name
    }
  }

  private func takeFrozen(_ takings: [Taking]) async throws {
    do {
      try await frozen(takings.map(\.domain)) { try await self.take(takings) }
    } catch {
      // An agent may have thawed before it was over; nobody is to rely on what was taken then.
      for taking in takings { try? await taking.domain.snapshot(named: taking.name).delete() }
      throw error
    }
  }

  private func take(_ takings: [Taking]) async throws {
    guard let only = takings.first, takings.count == 1 else { return try await takeTogether(takings) }
    // One in files is there or is not; the guest never stands still for it.
    guard only.place == .inside, try await status(of: only.domain, record: nil).isActive else {
      _ = try await take(only)
      return
    }
    _ = try await keepingTime(of: only.domain) {
      try await noting(.snapshot(only.name), on: only.domain) { try await take(only) }
    }
  }

  private func take(_ taking: Taking) async throws -> DomainSnapshot {
    report(ProgressReport(taking.domain.name, "taking snapshot '\(taking.name)'"))
    return try await explaining("cannot take a snapshot of guest '\(taking.domain.name)'") {
      try await taking.domain.createSnapshot(xml: taking.xml, taking.flags)
    }
  }

  /// Takes a snapshot of each domain while all stand still; takes none where one fails.
  private func takeTogether(_ takings: [Taking]) async throws {
    let inside = takings.filter { $0.place == .inside }
    let names = Dictionary(inside.map { ($0.domain.uuid, $0.name) }) { first, _ in first }
    try await standingStill(takings.map(\.domain), taking: names) { paused in
      var taken: [DomainSnapshot] = []
      do {
        for taking in takings {
          let snapshot = try await take(taking)
          taken.append(snapshot)
          if taking.place == .inside, paused.contains(taking.domain.uuid) {
            try await noteRunning(snapshot, of: taking.domain)
          }
        }
      } catch {
        // What the user is told is why it failed; a snapshot that stays is listed.
        for snapshot in taken { try? await snapshot.delete() }
        throw error
      }
    }
  }

  /// Lets a snapshot say that its guest ran: it was paused for a moment only, and goes on when it is gone back to.
  private func noteRunning(_ snapshot: DomainSnapshot, of domain: Domain) async throws {
    try await explaining("cannot complete the snapshot of guest '\(domain.name)'") {
      var definition = try SnapshotDefinition(xml: try await snapshot.xml(secure: true))
      definition.state = .running
      _ = try await domain.createSnapshot(xml: try definition.xml(), [.redefine, .current])
    }
  }

  /// Finds out how a snapshot is taken of a guest; throws where it cannot be.
  private func plan(_ request: SnapshotRequest, _ name: String, of domain: Domain) async throws -> Taking {
    let guest = domain.name
    let record = try await record(of: domain)
    try refuseUnfinished(record, guest, to: "take a snapshot of")
    try await requireAwake(domain, "cannot take a snapshot of guest '\(guest)'")
    let present = try await explaining("cannot list the snapshots of guest '\(guest)'") {
      try await moments(of: domain).map(\.definition)
    }
    if present.contains(where: { $0.name == name }) {
      throw NestorError(
        .exists, "guest '\(guest)' has a snapshot '\(name)' already",
        hint: "choose another name, or delete it: nestor snapshot delete \(guest) \(name)")
    }
    let xml = try await explaining("cannot read guest '\(guest)'") { try await domain.xml() }
    let version = try await explaining("cannot ask for libvirt's version") { try await connection.libvirtVersion() }
    let definition = try DomainDefinition(xml: xml)
    let place = try SnapshotPlace(
      for: request, of: definition, isActive: try await status(of: domain, record: nil).isActive, present: present,
      libvirt: version)
    var snapshot = SnapshotDefinition(name: name, description: request.description)
    if place == .files {
      snapshot.memory = SnapshotDefinition.Memory(kind: SnapshotDefinition.Kind.none)
      snapshot.disks = definition.devices.disks.map { disk in
        guard disk.isKept else { return SnapshotDefinition.Disk(name: disk.target, kind: SnapshotDefinition.Kind.none) }
        var overlay = SnapshotDefinition.Disk(name: disk.target, kind: .external)
        overlay.format = .qcow2
        // Beside the disk, under a name of libvirt's, where Nestor has no folder.
        if record != nil { overlay.file = DiskFile.freePath("\(state.guest(domain.uuid))/\(disk.target)-\(name)") }
        return overlay
      }
    }
    return Taking(domain: domain, name: name, xml: try snapshot.xml(), place: place)
  }

  /// Runs `body` while the locks of all guests are held; they are taken in one order, so that two commands about the same
  /// guests do not wait for each other for ever.
  func lockingAll<Value: Sendable>(
    _ guests: [String], to purpose: String, _ body: () async throws -> Value
  ) async throws -> Value {
    var names: Set<String> = []
    for guest in guests { names.insert(await lockName(guest)) }
    return try await lockingSorted(names.sorted(), to: purpose, body)
  }

  private func lockingSorted<Value: Sendable>(
    _ names: [String], to purpose: String, _ body: () async throws -> Value
  ) async throws -> Value {
    guard let first = names.first else { return try await body() }
    return try await locking(first, to: purpose, seconds: Self.snapshotPatience) {
      try await lockingSorted(Array(names.dropFirst()), to: purpose, body)
    }
  }

  /// A guest's snapshots, oldest first.
  public func snapshots(of guest: String) async throws -> [SnapshotSummary] {
    try await snapshots(of: try await domain(guest))
  }

  func snapshots(of domain: Domain) async throws -> [SnapshotSummary] {
    try await explaining("cannot list the snapshots of guest '\(domain.name)'") {
      let current = try await domain.hasCurrentSnapshot() ? try await domain.currentSnapshot().name : nil
      var found: [(time: Int64, summary: SnapshotSummary)] = []
      for (name, definition) in try await moments(of: domain) {
        let summary = SnapshotSummary(definition, name: name, isCurrent: name == current)
        found.append((definition.creationTime ?? 0, summary))
      }
      let depths = SnapshotTree(found.map(\.summary)).depths
      // Within a second, what was made after another is the younger.
      return found.sorted { left, right in
        let (first, second) = (left.summary.name, right.summary.name)
        return (left.time, depths[first] ?? 0, first) < (right.time, depths[second] ?? 0, second)
      }.map(\.summary)
    }
  }

  /// A guest's snapshots as libvirt describes them, in no order.
  func moments(of domain: Domain) async throws -> [(name: String, definition: SnapshotDefinition)] {
    var moments: [(String, SnapshotDefinition)] = []
    for snapshot in try await domain.snapshots() {
      moments.append((snapshot.name, try SnapshotDefinition(xml: try await snapshot.xml())))
    }
    return moments
  }

  /// One snapshot of a guest.
  public func snapshotInfo(_ name: String, of guest: String) async throws -> SnapshotSummary {
    let domain = try await domain(guest)
    let snapshot = try await snapshot(name, of: domain)
    return try await explaining("cannot read snapshot '\(name)' of guest '\(guest)'") {
      SnapshotSummary(
        try SnapshotDefinition(xml: try await snapshot.xml()), name: name, isCurrent: try await snapshot.isCurrent())
    }
  }

  func snapshot(_ name: String, of domain: Domain) async throws -> DomainSnapshot {
    do {
      return try await domain.snapshot(named: name)
    } catch let error as LibvirtError where error.code == .noDomainSnapshot {
      let names = ((try? await domain.snapshots()) ?? []).map(\.name)
      throw NestorError(
        .notFound, "guest '\(domain.name)' has no snapshot '\(name)'",
        hint: NearestName.suggestion(for: name, among: names) ?? "see: nestor snapshot list \(domain.name)")
    } catch {
      throw NestorError(explaining: error, "cannot look up snapshot '\(name)' of guest '\(domain.name)'")
    }
  }

  /// Snapshots' names follow the rule for guests' names, since both end up in files and on command lines.
  private static func snapshotName(_ text: String) throws -> String {
    guard text != momentOfClones else {
      throw NestorError(.invalidName, "a snapshot cannot be called '\(text)'", cause: "nestor clone needs the name")
    }
    do {
      return try GuestName(text).text
    } catch {
      throw NestorError(.invalidName, "a snapshot cannot have this name", cause: "\(error)")
    }
  }

  static func timeName(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
      .replacing("T", with: "-").replacing("Z", with: "")
  }
}
