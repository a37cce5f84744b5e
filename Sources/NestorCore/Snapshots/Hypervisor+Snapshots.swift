import DomainXML
import NestorSupport

extension Hypervisor {
  /// How long a command about snapshots waits for another nestor that works on the guest.
  static let snapshotTimeout = Duration.seconds(600)

  /// Takes a snapshot of each guest at one moment: of memory, disks and settings together, unless the disks alone are asked
  /// for. Returns the snapshots' name.
  ///
  /// Several guests are paused first and resumed together, so that what one has heard from another is known to both. Where
  /// the snapshot of one cannot be taken, none is. See ``SnapshotPlace`` for where a snapshot lies. A guest that is only
  /// half made is refused, because a revert would bring that state back. A task that is cancelled waits for no other
  /// nestor, but finishes what has begun.
  package func takeSnapshots(of guests: [Guest], _ request: SnapshotRequest = SnapshotRequest()) async throws -> String
  {
    guard request.isDiskOnly || !request.isQuiesced else {
      throw NestorError(
        .invalidArgument, "file systems are frozen only for a snapshot without the memory",
        cause: "a guest would come back with frozen ones", hint: "add --disk-only, or leave out --quiesce")
    }
    let name = try SnapshotPlan.name(request)
    try await withLocks(on: guests, to: "take a snapshot of", timeout: Self.snapshotTimeout) { guests in
      try Task.checkCancellation()
      try await unbroken { [self] in
        var plans: [SnapshotPlan] = []
        for guest in guests { plans.append(try await SnapshotPlan(request, name, of: guest)) }
        if request.isQuiesced { try await takeFrozen(plans) } else { try await take(plans) }
      }
    }
    return name
  }

  private func takeFrozen(_ plans: [SnapshotPlan]) async throws {
    do {
      try await withFileSystemsFrozen(of: plans.map(\.guest.guest)) { try await self.take(plans) }
    } catch {
      // An agent may have thawed before it was over; nobody is to rely on what was taken then.
      for plan in plans { try? await plan.guest.snapshots.find(plan.name)?.handle.delete() }
      throw error
    }
  }

  private func take(_ plans: [SnapshotPlan]) async throws {
    guard let only = plans.first, plans.count == 1 else { return try await takeTogether(plans) }
    // One in files is there or is not; the guest is never paused for it.
    guard only.place == .inside, only.isActive else {
      try await only.take()
      return
    }
    try await only.guest.keepingTime {
      _ = try await only.guest.noting(.snapshot(only.name)) { try await only.take() }
    }
  }

  /// Takes a snapshot of each guest while all are paused; takes none where one fails.
  private func takeTogether(_ plans: [SnapshotPlan]) async throws {
    let inside = plans.filter { $0.place == .inside }
    let names = Dictionary(inside.map { ($0.guest.uuid, $0.name) }) { first, _ in first }
    try await withGuestsPaused(plans.map(\.guest), taking: names) { paused in
      var taken: [Snapshot] = []
      do {
        for plan in plans {
          let snapshot = try await plan.take()
          taken.append(snapshot)
          if plan.place == .inside, paused.contains(plan.guest.uuid) { try await noteRunning(snapshot) }
        }
      } catch {
        // What the user is told is why it failed; a snapshot that stays is listed.
        for snapshot in taken { try? await snapshot.handle.delete() }
        throw error
      }
    }
  }

  /// Lets a snapshot say that its guest ran: it was paused for a moment only, and goes on when it is reverted to.
  private func noteRunning(_ snapshot: Snapshot) async throws {
    try await withContext("cannot complete the snapshot of guest '\(snapshot.guest.name)'") {
      var definition = try await snapshot.definition(secure: true)
      definition.state = .running
      _ = try await snapshot.guest.domain.createSnapshot(xml: try definition.xml(), [.redefine, .current])
    }
  }

  /// Reverts guests to the snapshot of one name, each to its own.
  ///
  /// All of them have to have it before any is touched. Several are paused until the last one is there, and then resumed
  /// together, so that none hears of what another does not know any more. A task that is cancelled waits for no other
  /// nestor, but finishes what has begun.
  package func revert(_ guests: [Guest], to name: String, _ state: RevertedState = .fromSnapshot) async throws {
    try await withLocks(on: guests, to: "revert", timeout: Self.snapshotTimeout) { guests in
      try Task.checkCancellation()
      try await unbroken { [self] in
        var reverts: [SnapshotRevert] = []
        for guest in guests {
          reverts.append(try await SnapshotRevert(of: guest, to: try await guest.snapshots.named(name), state))
        }
        guard reverts.count == 1, let only = reverts.first else { return try await revertTogether(reverts) }
        try await only.run()
        if only.needsClock { await only.guest.agent.catchUpClock() }
      }
    }
  }

  private func revertTogether(_ reverts: [SnapshotRevert]) async throws {
    var (back, waiting): ([SnapshotRevert], [SnapshotRevert]) = ([], [])
    do {
      for revert in reverts {
        // One whose revert fails may be paused, too.
        if revert.runsAfterwards { waiting.append(revert) }
        try await revert.run(leavesPaused: revert.runsAfterwards)
        back.append(revert)
      }
    } catch {
      // Those that are back already do what the others did before: they run.
      try? await resumeAll(waiting.map(\.guest))
      for revert in back where revert.runsAfterwards && revert.needsClock {
        await revert.guest.agent.catchUpClock()
      }
      if !back.isEmpty {
        let names = back.map { "'\($0.guest.name)'" }.joined(separator: ", ")
        warn("back at that moment already: \(names); the others are not")
      }
      throw error
    }
    try await resumeAll(waiting.map(\.guest))
    await withTaskGroup { group in
      for revert in waiting where revert.needsClock {
        group.addTask { await revert.guest.agent.catchUpClock() }
      }
    }
  }
}
