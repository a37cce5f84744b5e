import DomainXML
import FoundationEssentials
import Libvirt
import NestorSupport
import Templates

extension Orchestrator {
  /// How long a command about snapshots waits for another nestor that works on the guest, in seconds.
  static let snapshotPatience: Double = 600

  /// Keeps one moment of guests: memory, disks and settings together; answers with the snapshots' name.
  ///
  /// Several guests are paused first and run on together, so that what one has heard from another is known to both. When
  /// one of them cannot be kept, none is. A snapshot lies inside its guest's qcow2 disks. A guest that is only half made
  /// is refused, since going back would bring that state back.
  public func createSnapshots(
    of guests: [String], named name: String?, description: String?
  ) async throws -> String {
    let name = try name.map { try Self.snapshotName($0) } ?? Self.timeName(Date())
    return try await lockingAll(guests, to: "take a snapshot of") {
      var domains: [Domain] = []
      for guest in guests {
        let domain = try await domain(guest)
        try await refuseSnapshot(of: domain, named: name)
        domains.append(domain)
      }
      let xml = try SnapshotDefinition(name: name, description: description).xml()
      if let only = domains.first, domains.count == 1 {
        _ = try await take(xml, name, of: only)
      } else {
        try await takeTogether(xml, name, of: domains)
      }
      return name
    }
  }

  private func take(_ xml: String, _ name: String, of domain: Domain) async throws -> DomainSnapshot {
    report(ProgressReport(domain.name, "taking snapshot '\(name)'"))
    return try await explaining("cannot take a snapshot of guest '\(domain.name)'") {
      try await domain.createSnapshot(xml: xml)
    }
  }

  /// Takes a snapshot of each domain while all stand still; takes none where one fails.
  private func takeTogether(_ xml: String, _ name: String, of domains: [Domain]) async throws {
    try await standingStill(domains) { paused in
      var taken: [DomainSnapshot] = []
      do {
        for domain in domains {
          let snapshot = try await take(xml, name, of: domain)
          taken.append(snapshot)
          if paused.contains(domain.uuid) { try await noteRunning(snapshot, of: domain) }
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

  private func refuseSnapshot(of domain: Domain, named name: String) async throws {
    let guest = domain.name
    try refuseUnfinished(try await record(of: domain), guest, to: "take a snapshot of")
    if (try? await domain.snapshot(named: name)) != nil {
      throw NestorError(
        .exists, "guest '\(guest)' has a snapshot '\(name)' already",
        hint: "choose another name, or delete it: nestor snapshot delete \(guest) \(name)")
    }
    let xml = try await explaining("cannot read guest '\(guest)'") { try await domain.xml() }
    let version = try await explaining("cannot ask for libvirt's version") { try await connection.libvirtVersion() }
    let obstacle = SnapshotObstacle(
      to: try DomainDefinition(xml: xml), isActive: try await status(of: domain, record: nil).isActive,
      libvirt: version)
    if let obstacle {
      throw NestorError(
        .unsupported, "cannot take a snapshot of guest '\(guest)'", cause: obstacle.cause, hint: obstacle.hint)
    }
  }

  /// Runs `body` while the locks of all guests are held; they are taken in one order, so that two commands about the same
  /// guests do not wait for each other for ever.
  func lockingAll<Value: Sendable>(
    _ guests: [String], to purpose: String, _ body: () async throws -> Value
  ) async throws -> Value {
    let sorted = Set(guests).sorted()
    guard let first = sorted.first else { return try await body() }
    return try await locking(first, to: purpose, seconds: Self.snapshotPatience) {
      try await lockingAll(Array(sorted.dropFirst()), to: purpose, body)
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
      for snapshot in try await domain.snapshots() {
        let definition = try SnapshotDefinition(xml: try await snapshot.xml())
        let summary = SnapshotSummary(definition, name: snapshot.name, isCurrent: snapshot.name == current)
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
        hint: EditDistance.nearest(to: name, in: names).map { "did you mean '\($0)'?" }
          ?? "see: nestor snapshot list \(domain.name)")
    } catch {
      throw NestorError(explaining: error, "cannot look up snapshot '\(name)' of guest '\(domain.name)'")
    }
  }

  /// Snapshots' names follow the rule for guests' names, since both end up in files and on command lines.
  private static func snapshotName(_ text: String) throws -> String {
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
