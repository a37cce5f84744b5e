import DomainXML
import GuestClient
import Libvirt
import LibvirtFailures
import NestorSupport
import Templates

extension Hypervisor {
  /// Makes copies of a guest, under names that are free; answers with these. Where one cannot be finished, none is left.
  ///
  /// Cancelling the task takes back what was made so far, and throws a ``NestorError`` with code `interrupted`. `kind` is
  /// nil for what suits: copies of a guest that runs, or ran at the moment, run on from there, those of others
  /// get disks of their own. `snapshot` is a moment of the guest; nil is now.
  public func clone(
    _ source: String, to names: [GuestName], _ kind: CloneKind? = nil, from snapshot: String? = nil
  ) async throws -> [String] {
    do {
      switch try await kindOfClone(source, kind, from: snapshot) {
      case .warm: return try await cloneWarm(source, to: names, from: snapshot)
      case .full: return try await cloneDisks(source, to: names, linked: false, from: snapshot)
      case .linked: return try await cloneDisks(source, to: names, linked: true, from: snapshot)
      }
    } catch let error where Task.isCancelled {
      // Where that was not all, what went wrong is told instead.
      if let domain = try? await domain(source), try await domain.state().status == .paused { throw error }
      throw NestorError(
        .interrupted, "guest '\(source)' was not cloned",
        cause: "that was cancelled; no copy is left, and it goes on as before")
    }
  }

  /// The kind of copies that is asked for, or that suits.
  private func kindOfClone(_ source: String, _ kind: CloneKind?, from snapshot: String?) async throws -> CloneKind {
    if let kind { return kind }
    let domain = try await domain(source)
    guard let snapshot else { return try await status(of: domain, record: nil).isActive ? .warm : .full }
    let moment = try await self.snapshot(snapshot, of: domain)
    let holdsMemory = try await explaining("cannot read snapshot '\(snapshot)'") {
      try SnapshotDefinition(xml: try await moment.xml()).holdsMemory
    }
    return holdsMemory ? .warm : .full
  }

  /// The first `count` of NAME-1, NAME-2 and so on that no guest has.
  public func namesOfClones(of source: String, count: Int) async throws -> [GuestName] {
    let name = try await domain(source).name
    let taken = Set(try await explaining("cannot list the guests") { try await connection.domains() }.map(\.name))
    let free = (1...).lazy.map { "\(name)-\($0)" }.filter { !taken.contains($0) }
    do {
      return try free.prefix(count).map { try GuestName($0) }
    } catch let error as TemplateError {
      throw NestorError(.invalidName, "the copies of '\(name)' cannot be named after it", cause: "\(error)")
    }
  }

  /// Runs `body`, which makes copies of a guest, while the locks of all are held; answers with the copies' names. Where one
  /// cannot be finished, none is left.
  func copying(
    _ source: String, to names: [GuestName], _ body: (Domain, [CloneIdentity]) async throws -> Void
  ) async throws -> [String] {
    try await requireLocal("clone a guest")
    return try await lockingAll([source] + names.map(\.text), to: "clone") {
      let domain = try await domain(source)
      for name in names where try await wholeGuest(named: name.text) != nil {
        throw NestorError(.exists, "guest '\(name)' exists already", hint: "choose another name")
      }
      let copies = names.map { name in
        CloneIdentity(source: (domain.name, domain.uuid), name: name.text, uuid: Identifiers.randomUUID())
      }
      do {
        try await body(domain, copies)
        return copies.map(\.name)
      } catch {
        for copy in copies { try? await takeAway(copy) }
        throw error
      }
    }
  }

  /// Does the same to copies, some at a time; all are tried before the first failure is thrown.
  func eachOf(_ copies: [CloneIdentity], _ body: @escaping @Sendable (CloneIdentity) async throws -> Void)
    async throws
  {
    let byName = Dictionary(copies.map { ($0.name, $0) }) { first, _ in first }
    let results = await Batch.run(copies.map(\.name)) { name in
      if let copy = byName[name] { try await body(copy) }
    }
    for result in results { try result.outcome.get() }
  }

  /// The record of a guest that can be copied.
  func recordOfSource(_ domain: Domain) async throws -> GuestRecord {
    guard let record = try await record(of: domain) else {
      throw NestorError(.unsupported, "cannot clone guest '\(domain.name)'", cause: "it was not made by nestor")
    }
    try refuseUnfinished(record, domain.name, to: "clone")
    return record
  }

  /// Refuses to copy disks that are not Nestor's.
  func requireOwn(_ disks: [String], of domain: Domain) throws {
    guard let foreign = disks.first(where: { !$0.hasPrefix("\(state.guest(domain.uuid))/") }) else { return }
    throw NestorError(
      .unsupported, "cannot clone guest '\(domain.name)'",
      cause: "its disk \(foreign) is not Nestor's, and two guests cannot write it",
      hint: "import it as an image: nestor image import \(foreign)")
  }

  /// Defines a copy, marked incomplete, with its folder; the domain comes first, see ``create(_:)``.
  func define(_ copy: CloneIdentity, _ definition: DomainDefinition) async throws -> Domain {
    let xml = try definition.xml()
    let domain = try await explaining("cannot define guest '\(copy.name)'") {
      try await connection.defineDomain(xml: xml)
    }
    try await explaining("cannot make the folder of guest '\(copy.name)'") {
      try FileTree.makeDirectory(state.guest(copy.uuid), mode: 0o711)
    }
    return domain
  }

  /// Brings to a copy what its source was brought, with a key and with settings of its own.
  func deliver(_ copy: CloneIdentity, _ source: DomainDefinition) async throws {
    try await explaining("cannot bring the agent and its settings to guest '\(copy.name)'") {
      let delivery = try Courier(state: state, uuid: copy.source.uuid).delivery(
        name: copy.name, uuid: copy.uuid, cards: copy.cards(source), agent: AgentProgram.find())
      if let delivery { try await Courier(state: state, uuid: copy.uuid).deliver(delivery) }
    }
  }

  /// Deletes a copy that could not be finished, if it was begun.
  private func takeAway(_ copy: CloneIdentity) async throws {
    guard let domain = try? await connection.domain(named: copy.name), domain.uuid == copy.uuid else { return }
    try await held(domain, to: "delete").delete(force: true)
  }
}
