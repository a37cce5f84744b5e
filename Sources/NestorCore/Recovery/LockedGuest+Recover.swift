import Libvirt
import NestorSupport

extension LockedGuest {
  /// Ends work in whose middle a program or libvirt's daemon was killed.
  ///
  /// Where that fails, a warning says why, and the next command tries again: what the user asks for now may be the way out.
  func recover() async throws {
    await recoverRename()
    guard FileTree.exists(guest.unfinishedFile) else { return }
    if let work = UnfinishedWork.read(guest.unfinishedFile) {
      // A warning has said why it could not be ended, and is not to come again each time that the guest is looked at.
      guard hypervisor.triedToEnd.withLock({ $0.insert(work.id).inserted }) else { return }
      do {
        try await withContext("cannot bring guest '\(name)' out of what was done to it when a program was killed") {
          // Another guest may have had the name.
          if work.uuid == uuid { try await end(work) }
        }
      } catch let error as NestorError {
        return hypervisor.warn("\(error)")
      }
    } else {
      hypervisor.warn(
        "what was done to guest '\(name)' when a program was killed cannot be read; see: nestor info \(name)")
    }
    try forgetNote()
  }

  private func end(_ work: UnfinishedWork) async throws {
    switch work.kind {
    case .pause(let snapshot): try await endPause(work, taking: snapshot)
    case .snapshot(let snapshot):
      if try await wakeLost(work, to: snapshot) { return }
      if work.status == .running {
        try await resumeIfPaused()
        await agent.catchUpClock()
      }
      // Its data may be in the disks without libvirt's knowledge of it.
      if try await snapshots.find(snapshot) == nil { try await deleteInterrupted(snapshot) }
      hypervisor.warn("snapshot '\(snapshot)' of guest '\(name)' was interrupted; see: nestor snapshot list \(name)")
    case .revert(let snapshot, let state): try await endRevert(work, to: snapshot, state)
    case .deletion(let snapshot):
      _ = try await wakeLost(work, to: nil)
      guard let snapshot = try await snapshots.find(snapshot) else { return }
      try await delete(snapshot)
      hypervisor.warn("the deletion of snapshot '\(snapshot.name)' of guest '\(name)' was interrupted, and is done now")
    }
  }

  /// Resumes a guest that was left paused, and deletes the snapshot that was taken meanwhile, unless it is whole.
  private func endPause(_ work: UnfinishedWork, taking snapshot: String?) async throws {
    let isPaused = try await domain.state().status == .paused
    if try await !wakeLost(work, to: snapshot), isPaused {
      try await resumeIfPaused()
      await agent.catchUpClock()
      hypervisor.warn("guest '\(name)' was left standing still, as something was killed, and runs on now")
    }
    guard let snapshot, !isWhole(work.moment) else { return }
    if try await !domain.isActive(), try await snapshots.find(snapshot) != nil {
      // What is left of its memory, perhaps.
      return hypervisor.warn(
        "guest '\(name)' is off; its snapshot '\(snapshot)' was being taken when something was killed")
    }
    // It belongs to copies that were never made, or to a moment of several guests that not all of them have.
    try await deleteInterrupted(snapshot)
    forgetMoment(work)
    if snapshot != Snapshot.nameForClones {
      hypervisor.warn("snapshot '\(snapshot)' of guest '\(name)' was interrupted, and is gone")
    }
  }

  /// Whether all guests of a moment have its snapshot.
  private func isWhole(_ moment: String?) -> Bool {
    moment.map { !FileTree.exists(hypervisor.state.moment($0)) } ?? false
  }

  /// Forgets a moment that is none any more, unless another guest's note asks for it.
  private func forgetMoment(_ work: UnfinishedWork) {
    guard let moment = work.moment else { return }
    let state = hypervisor.state
    let others = ((try? state.allUnfinished()) ?? []).compactMap(UnfinishedWork.read).filter { $0.uuid != work.uuid }
    if !others.contains(where: { $0.moment == moment }) { try? FileTree.remove(state.moment(moment)) }
  }

  /// Takes the guest to the snapshot that it was on its way to. Where only the program was killed, libvirt has gone on with
  /// it.
  private func endRevert(_ work: UnfinishedWork, to snapshot: String, _ wanted: RevertedState) async throws {
    let state = try await domain.state()
    guard let snapshot = try await snapshots.find(snapshot) else { return }
    let revert = try await SnapshotRevert(of: self, to: snapshot, wanted)
    let isThere = state.status == .running || state.status == .paused && wanted == .paused
    if isThere, try await snapshot.handle.isCurrent() {
      try await removeSavedMemory()
      if revert.needsClock { await agent.catchUpClock() }
      return
    }
    // Nobody has used one that still sleeps, and its memory may not fit its disks any more.
    let isOff = try await !domain.isActive()
    let sleeps = isOff ? try await domain.hasManagedSave() : false
    if !sleeps, isThere || state.isOrdinaryEnd || work.isStale() {
      // Somebody may have used it since.
      return hypervisor.warn(
        "guest '\(name)' was on its way back to snapshot '\(snapshot.name)' when a program was killed, and may not have "
          + "arrived; go there again: nestor snapshot revert \(name) \(snapshot.name)")
    }
    hypervisor.warn("guest '\(name)' was left on its way back to snapshot '\(snapshot.name)'; it goes there now")
    // The note that is there holds until this is through.
    try await revert.runWithoutNote()
    if revert.needsClock { await agent.catchUpClock() }
  }

  /// Lets the guest run again where libvirt's daemon ended it; returns whether it did.
  ///
  /// A daemon that comes back while QEMU is in the middle of a command for the one before it takes that one's answer for
  /// its own, and ends the guest over it. The guest was paused then, so a snapshot that was being taken, if its data is
  /// whole, is where it goes on; otherwise it boots.
  private func wakeLost(_ work: UnfinishedWork, to snapshot: String?) async throws -> Bool {
    guard work.status != .off, !work.isStale(), try await isLost(work) else { return false }
    let lost = "libvirt's daemon ended guest '\(name)' as it came back from being killed"
    if let snapshot, let handle = try? await redefined(snapshot) {
      let revert = try await SnapshotRevert(of: self, to: handle, work.status == .paused ? .paused : .running)
      do {
        try await revert.runWithoutNote()
        await agent.catchUpClock()
        hypervisor.warn("\(lost); it goes on from snapshot '\(snapshot)', which was being taken")
        return true
      } catch let error as LibvirtError where !error.saysSnapshotDataMissing {
        // A network that is off, say; the snapshot is whole, and the next command tries again.
        throw error
      } catch is LibvirtError {
        try? await delete(handle)
      }
    }
    _ = try await hypervisor.held(domain, to: "start").start()
    hypervisor.warn("\(lost), and its memory is lost; it boots now")
    return true
  }

  /// Whether it was on and is off without anybody having wished for it. It may be just about to be.
  private func isLost(_ work: UnfinishedWork) async throws -> Bool {
    // A daemon that comes back holds the guest meanwhile, and this call waits for it.
    if work.status == .running {
      do { try await resumeIfPaused() } catch { guard try await !domain.isActive() else { throw error } }
    }
    let state = try await domain.state()
    guard state.status == .shutoff, !state.isOrdinaryEnd else { return false }
    return guest.kernelPanic == nil
  }
}
