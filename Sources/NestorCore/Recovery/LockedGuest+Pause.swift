import Libvirt
import NestorSupport

extension LockedGuest {
  /// A guest that was paused for longer is given the time.
  private static let noticeableDelay = Duration.seconds(1)

  /// Resumes the guest where it is paused; any other is left alone.
  func resumeIfPaused() async throws {
    guard try await domain.state().status == .paused else { return }
    do {
      try await domain.resume()
    } catch let error as LibvirtError where error.code == .operationInvalid {
      // libvirt resumed it by itself, after which this call had to wait.
      guard try await domain.state().status == .running else { throw error }
    }
  }

  /// Runs `body`, during which the guest may be paused, and gives it the time afterwards, whatever became of it.
  func keepingTime<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    let begun = ContinuousClock.now
    do {
      let value = try await body()
      await catchUpClock(pausedSince: begun)
      return value
    } catch {
      await catchUpClock(pausedSince: begun)
      throw error
    }
  }

  /// Gives it the time where it was paused for so long that it would be missed.
  fileprivate func catchUpClock(pausedSince begun: ContinuousClock.Instant) async {
    guard begun.duration(to: .now) > Self.noticeableDelay else { return }
    // Also where this task was cancelled meanwhile.
    await Task { [agent] in await agent.catchUpClock() }.value
  }

  /// Notes that the guest, which is to run, is paused, in case that this program ends before it is resumed.
  fileprivate func notePause(taking snapshot: String?, of moment: String?) throws {
    try requireEnded()
    try note(.pause(snapshot), status: .running, moment: moment)
  }
}

extension Hypervisor {
  /// Runs `body` while all of these guests are paused; those that ran do so again afterwards, whatever became of it.
  ///
  /// `body` is told the UUIDs of those that ran; `snapshots` are those that it takes meanwhile, by the guests' UUIDs.
  func withGuestsPaused<Value: Sendable>(
    _ guests: [LockedGuest], taking snapshots: [String: String], _ body: (_ paused: Set<String>) async throws -> Value
  ) async throws -> Value {
    let begun = ContinuousClock.now
    var paused: [LockedGuest] = []
    let result: Result<Value, any Error>
    let moment = snapshots.count > 1 ? Identifiers.randomUUID() : nil
    do {
      if let moment {
        try withSystemContext("cannot note what is done to guests") { try FileTree.write([], to: state.moment(moment)) }
      }
      for guest in guests where try await guest.domain.state().status == .running {
        try await withContext("cannot suspend guest '\(guest.name)'") {
          try guest.notePause(taking: snapshots[guest.uuid], of: moment)
          paused.append(guest)
          try await guest.domain.suspend()
        }
      }
      let value = try await body(Set(paused.map(\.uuid)))
      // From here on what was taken of one is taken of all.
      if let moment {
        try withSystemContext("cannot note what is done to guests") { try FileTree.remove(state.moment(moment)) }
      }
      result = .success(value)
    } catch {
      result = .failure(error)
    }
    do {
      try await resumeAll(paused)
    } catch {
      // Why the work itself failed is what the user is told.
      _ = try result.get()
      throw error
    }
    // Those that were not resumed have notes that ask for it.
    if let moment { try? FileTree.remove(state.moment(moment)) }
    for guest in paused { await guest.catchUpClock(pausedSince: begun) }
    return try result.get()
  }

  /// Resumes guests whose pause was noted. All are tried; one that cannot be resumed keeps its note, for the next to try.
  func resumeAll(_ guests: [LockedGuest]) async throws {
    var failure: (any Error)?
    for guest in guests {
      do {
        try await withContext("cannot let guest '\(guest.name)' run on") {
          try await guest.resumeIfPaused()
          try guest.forgetNote()
        }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }
}
