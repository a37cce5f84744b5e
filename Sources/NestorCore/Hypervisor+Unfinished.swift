import DomainXML
import FoundationEssentials
import Libvirt
import LibvirtFailures
import NestorSupport

extension Hypervisor {
  /// Ends work on a guest in whose middle a program or a daemon was killed. The guest's lock has to be held.
  ///
  /// Where that fails, a warning says why, and the next command tries again: what the user asks for now may be the way out.
  func endUnfinished(of name: String) async throws {
    let file = state.unfinished(name)
    guard FileTree.exists(file) else { return }
    if let work = UnfinishedWork.read(file) {
      // A warning has said why it could not be ended, and is not to come again each time that the guest is looked at.
      guard triedToEnd.withLock({ $0.insert(work.id).inserted }) else { return }
      do {
        try await explaining("cannot bring guest '\(name)' out of what was done to it when a program was killed") {
          if let domain = try await guest(of: work, named: name) { try await end(work, of: domain) }
        }
      } catch let error as NestorError {
        return warn("\(error)")
      }
    } else {
      warn("what was done to guest '\(name)' when a program was killed cannot be read; see: nestor info \(name)")
    }
    try FileTree.remove(file)
  }

  /// The guest that the work is about; nil where it is gone, or another one has its name.
  private func guest(of work: UnfinishedWork, named name: String) async throws -> Domain? {
    do {
      let domain = try await connection.domain(named: name)
      return domain.uuid == work.uuid ? domain : nil
    } catch let error as LibvirtError where error.code == .noDomain {
      return nil
    }
  }

  private func end(_ work: UnfinishedWork, of domain: Domain) async throws {
    let guest = domain.name
    switch work.kind {
    case .standstill(let snapshot):
      let stoodStill = try await domain.state().status == .paused
      if try await !wakeLost(domain, work, to: snapshot), stoodStill {
        try await runOn(domain)
        await setClock(of: domain)
        warn("guest '\(guest)' was left standing still, as something was killed, and runs on now")
      }
      guard let snapshot, !isWhole(work.moment) else { return }
      if try await !domain.isActive(), try await find(snapshot, of: domain) != nil {
        // What is left of its memory, perhaps.
        return warn("guest '\(guest)' is off; its snapshot '\(snapshot)' was being taken when something was killed")
      }
      // It belongs to copies that were never made, or to a moment of several guests that not all of them have.
      try await deleteInterrupted(snapshot, of: domain)
      forgetMoment(work)
      if snapshot != Self.momentOfClones {
        warn("snapshot '\(snapshot)' of guest '\(guest)' was interrupted, and is gone")
      }
    case .snapshot(let name):
      if try await wakeLost(domain, work, to: name) { return }
      if work.status == .running {
        try await runOn(domain)
        await setClock(of: domain)
      }
      // Its data may be in the disks without libvirt's knowledge of it.
      if try await find(name, of: domain) == nil { try await deleteInterrupted(name, of: domain) }
      warn("snapshot '\(name)' of guest '\(guest)' was interrupted; see: nestor snapshot list \(guest)")
    case .revert(let name, let state):
      try await endRevert(of: domain, to: name, state, work)
    case .deletion(let name):
      _ = try await wakeLost(domain, work, to: nil)
      guard let moment = try await find(name, of: domain) else { return }
      try await deleteSnapshotWhole(moment, of: domain)
      warn("the deletion of snapshot '\(name)' of guest '\(guest)' was interrupted, and is done now")
    }
  }

  /// Whether all guests of a moment have its snapshot.
  private func isWhole(_ moment: String?) -> Bool { moment.map { !FileTree.exists(state.moment($0)) } ?? false }

  /// Forgets a moment that is none any more, unless another guest's note asks for it.
  private func forgetMoment(_ work: UnfinishedWork) {
    guard let moment = work.moment else { return }
    let others = ((try? state.allUnfinished()) ?? []).compactMap(UnfinishedWork.read).filter { $0.uuid != work.uuid }
    if !others.contains(where: { $0.moment == moment }) { try? FileTree.remove(state.moment(moment)) }
  }

  /// Takes a guest to where it was going back to. Where only the program was killed, libvirt has gone on with it.
  private func endRevert(
    of domain: Domain, to name: String, _ wanted: RevertedState, _ work: UnfinishedWork
  ) async throws {
    let state = try await domain.state()
    guard let moment = try await find(name, of: domain) else { return }
    let isThere = state.status == .running || state.status == .paused && wanted == .paused
    if isThere, try await moment.isCurrent() {
      try await removeSavedMemory(of: domain)
      if try await holdsMemory(moment) { await setClock(of: domain) }
      return
    }
    // Nobody has used one that still sleeps, and its memory may not fit its disks any more.
    let isOff = try await !domain.isActive()
    let sleeps = isOff ? try await domain.hasManagedSave() : false
    if !sleeps, isThere || state.isOrdinaryEnd || work.isStale() {
      // Somebody may have used it since.
      return warn(
        "guest '\(domain.name)' was on its way back to snapshot '\(name)' when a program was killed, and may not have "
          + "arrived; go there again: nestor snapshot revert \(domain.name) \(name)")
    }
    warn("guest '\(domain.name)' was left on its way back to snapshot '\(name)'; it goes there now")
    // The note that is there holds until this is through.
    let holdsMemory = try await holdsMemory(moment)
    try await goBack(
      domain, to: moment, wanted.flags, isOwn: try await record(of: domain) != nil, holdsMemory: holdsMemory)
    if holdsMemory { await setClock(of: domain) }
  }

  /// Lets a guest run again that libvirt's daemon ended; answers whether it was such a one.
  ///
  /// A daemon that comes back while QEMU is in the middle of a command for the one before it takes that one's answer for
  /// its own, and ends the guest over it. The guest stood still then, so a snapshot that was being taken, if its data
  /// is whole, is where it goes on; otherwise it boots.
  private func wakeLost(_ domain: Domain, _ work: UnfinishedWork, to snapshot: String?) async throws -> Bool {
    guard work.status != .off, !work.isStale(), try await isLost(domain, work) else { return false }
    let lost = "libvirt's daemon ended guest '\(domain.name)' as it came back from being killed"
    if let snapshot, let moment = try? await knownSnapshot(snapshot, of: domain) {
      do {
        try await goBack(
          domain, to: moment, work.status == .paused ? .paused : .running,
          isOwn: try await record(of: domain) != nil, holdsMemory: true)
        await setClock(of: domain)
        warn("\(lost); it goes on from snapshot '\(snapshot)', which was being taken")
        return true
      } catch let error as LibvirtError where !Self.saysDataMissing(error) {
        // A network that is off, say; the snapshot is whole, and the next command tries again.
        throw error
      } catch is LibvirtError {
        try? await deleteSnapshotWhole(moment, of: domain)
      }
    }
    _ = try await held(domain, to: "start").start()
    warn("\(lost), and its memory is lost; it boots now")
    return true
  }

  /// Whether a guest that was on is off without anybody having wished for it. It may be just about to be.
  private func isLost(_ domain: Domain, _ work: UnfinishedWork) async throws -> Bool {
    // A daemon that comes back holds the guest meanwhile, and this call waits for it.
    if work.status == .running {
      do { try await runOn(domain) } catch { guard try await !domain.isActive() else { throw error } }
    }
    let state = try await domain.state()
    return state.status == .shutoff && !state.isOrdinaryEnd
  }

  /// A snapshot that libvirt knows; nil where it does not.
  private func find(_ name: String, of domain: Domain) async throws -> DomainSnapshot? {
    do {
      return try await domain.snapshot(named: name)
    } catch let error as LibvirtError where error.code == .noDomainSnapshot {
      return nil
    }
  }

  /// Deletes a snapshot that may be there in whole, in part or not at all.
  private func deleteInterrupted(_ name: String, of domain: Domain) async throws {
    if let moment = try await find(name, of: domain) { return try await deleteSnapshotWhole(moment, of: domain) }
    // To delete data that libvirt does not know of, it has to be told before; often there is none.
    guard let moment = try? await knownSnapshot(name, of: domain) else { return }
    do {
      try await moment.delete()
    } catch {
      try await moment.delete(.metadataOnly)
    }
  }

  /// Deletes a snapshot, also where its data is gone from the disks already.
  func deleteSnapshotWhole(_ snapshot: DomainSnapshot, of domain: Domain) async throws {
    if try await domain.isActive(), try SnapshotDefinition(xml: try await snapshot.xml()).isInFiles {
      try GuestFileRules(uuid: domain.uuid).permitMerging(in: state.guest(domain.uuid))
    }
    do {
      try await snapshot.delete()
    } catch let error as LibvirtError where Self.saysDataMissing(error) {
      try await snapshot.delete(.metadataOnly)
    } catch let error as LibvirtError where error.code == .noDomainSnapshot {
      // libvirt's daemon, which goes on when a program is killed, was faster.
    }
  }

  /// Whether QEMU or qemu-img says that a disk does not hold a snapshot, or not all of it; libvirt passes on their words.
  static func saysDataMissing(_ error: LibvirtError) -> Bool {
    let message = error.message
    return message.contains("Snapshot") && message.contains("does not exist")
      || message.contains("snapshot not found") || message.contains("Can't find snapshot")
      || message.contains("Can't find the snapshot") || message.contains("disk-only snapshot")
      || message.contains("while loading VM state")
  }

  /// A snapshot with memory, of which libvirt is told where it does not know it; whether its data is there is not looked at.
  private func knownSnapshot(_ name: String, of domain: Domain) async throws -> DomainSnapshot {
    if let known = try await find(name, of: domain) { return known }
    let definition = try DomainDefinition(xml: try await domain.xml([.secure]))
    let xml = try SnapshotDefinition(
      name: name, memory: SnapshotDefinition.Memory(kind: .internal),
      disks: definition.devices.disks.map { disk in
        SnapshotDefinition.Disk(
          name: disk.target,
          kind: disk.isKept && disk.format == .qcow2 ? .internal : SnapshotDefinition.Kind.none)
      },
      state: .running, creationTime: Int64(Date().timeIntervalSince1970), domain: definition
    ).xml()
    return try await domain.createSnapshot(xml: xml, .redefine)
  }
}
