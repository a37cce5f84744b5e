import Libvirt
import LibvirtFailures
import NestorSupport

extension Hypervisor {
  /// The name of the snapshot that lives only while copies of a guest are made.
  static let momentOfClones = "nestor-clone"

  /// A guest that stood still for longer, in seconds, is given the time.
  private static let noticeableDelay: Double = 1

  /// Runs `body` while all of these guests stand still; those that ran do so again afterwards, whatever became of it.
  ///
  /// Their locks have to be held. `body` is told the UUIDs of those that ran; `snapshots` are those that it takes meanwhile,
  /// by the guests' UUIDs.
  func standingStill<Value: Sendable>(
    _ domains: [Domain], taking snapshots: [String: String], _ body: (_ paused: Set<String>) async throws -> Value
  ) async throws -> Value {
    let begun = ContinuousClock.now
    var paused: [Domain] = []
    let result: Result<Value, any Error>
    let moment = snapshots.count > 1 ? Identifiers.randomUUID() : nil
    do {
      if let moment {
        try explainingSystem("cannot note what is done to guests") { try FileTree.write([], to: state.moment(moment)) }
      }
      for domain in domains where try await domain.state().status == .running {
        try await explaining("cannot suspend guest '\(domain.name)'") {
          try noteStandstill(of: domain, snapshots[domain.uuid], moment)
          paused.append(domain)
          try await domain.suspend()
        }
      }
      let value = try await body(Set(paused.map(\.uuid)))
      // From here on what was taken of one is taken of all.
      if let moment {
        try explainingSystem("cannot note what is done to guests") { try FileTree.remove(state.moment(moment)) }
      }
      result = .success(value)
    } catch {
      result = .failure(error)
    }
    do {
      try await runOn(paused)
    } catch {
      // Why the work itself failed is what the user is told.
      _ = try result.get()
      throw error
    }
    // Those that do not run on have notes that ask for it.
    if let moment { try? FileTree.remove(state.moment(moment)) }
    for domain in paused { await setClockIfDelayed(of: domain, since: begun) }
    return try result.get()
  }

  /// Runs `body`, during which a guest may stand still, and gives it the time afterwards, whatever became of it.
  func keepingTime<Value: Sendable>(of domain: Domain, _ body: () async throws -> Value) async throws -> Value {
    let begun = ContinuousClock.now
    do {
      let value = try await body()
      await setClockIfDelayed(of: domain, since: begun)
      return value
    } catch {
      await setClockIfDelayed(of: domain, since: begun)
      throw error
    }
  }

  /// Gives the time to a guest that stood still for so long that it would be missed.
  private func setClockIfDelayed(of domain: Domain, since begun: ContinuousClock.Instant) async {
    guard begun.duration(to: .now) > .seconds(Self.noticeableDelay) else { return }
    // Also where this task was cancelled meanwhile.
    await Task { await self.setClock(of: domain) }.value
  }

  /// Notes that a guest, which is to run, stands still for a moment.
  private func noteStandstill(of domain: Domain, _ snapshot: String?, _ moment: String?) throws {
    try requireEnded(domain)
    try write(
      UnfinishedWork(uuid: domain.uuid, status: .running, kind: .standstill(snapshot), moment: moment), of: domain)
  }

  private func write(_ work: UnfinishedWork, of domain: Domain) throws {
    try explainingSystem("cannot note what is done to guest '\(domain.name)'") {
      try work.write(to: state.unfinished(domain.name))
    }
  }

  /// Refuses to forget work that could not be ended yet, which a warning has told of.
  func requireEnded(_ domain: Domain) throws {
    guard FileTree.exists(state.unfinished(domain.name)) else { return }
    throw NestorError(
      .busy, "guest '\(domain.name)' is in the middle of other work", cause: "it could not be ended, see the warning",
      hint: "run this again, or take the guest back to a snapshot: nestor snapshot list \(domain.name)")
  }

  /// Lets guests run on whose standstill was noted. All are tried; one that cannot keeps its note, for the next to try.
  func runOn(_ domains: [Domain]) async throws {
    var failure: (any Error)?
    for domain in domains {
      do {
        try await explaining("cannot let guest '\(domain.name)' run on") {
          try await runOn(domain)
          try FileTree.remove(state.unfinished(domain.name))
        }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  /// Lets a guest run on that stands still; any other is left alone.
  func runOn(_ domain: Domain) async throws {
    guard try await domain.state().status == .paused else { return }
    do {
      try await domain.resume()
    } catch let error as LibvirtError where error.code == .operationInvalid {
      // libvirt let it run on by itself, after which this call had to wait.
      guard try await domain.state().status == .running else { throw error }
    }
  }

  /// Runs `body`, which is work of this kind, so that somebody else ends it where this program or libvirt's daemon does not.
  ///
  /// With `standsStill` the guest, which is to run in the end, stands still afterwards, and a note says so; see ``runOn(_:)``.
  func noting<Value: Sendable>(
    _ kind: UnfinishedWork.Kind, on domain: Domain, standsStill: Bool = false, _ body: () async throws -> Value
  ) async throws -> Value {
    let file = state.unfinished(domain.name)
    let status: UnfinishedWork.Status = try await explaining("cannot ask for the state of guest '\(domain.name)'") {
      switch try await domain.state().status {
      case .running: .running
      case .paused: .paused
      default: .off
      }
    }
    // Whoever goes back wants nothing of what the guest did before.
    if case .revert = kind {} else { try requireEnded(domain) }
    try write(UnfinishedWork(uuid: domain.uuid, status: status, kind: kind), of: domain)
    let value: Value
    do {
      value = try await body()
    } catch {
      // A daemon that still answers has put things in order by itself.
      if (try? await domain.state()) != nil { try? FileTree.remove(file) }
      throw error
    }
    if standsStill {
      try write(UnfinishedWork(uuid: domain.uuid, status: .running, kind: .standstill(nil)), of: domain)
    } else {
      try? FileTree.remove(file)
    }
    return value
  }
}
