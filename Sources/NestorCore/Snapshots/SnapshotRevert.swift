import DomainXML
import Libvirt
import NestorSupport

/// A guest's way back to one of its snapshots.
struct SnapshotRevert: Sendable {
  let guest: LockedGuest
  let snapshot: Snapshot
  /// What libvirt knows of the snapshot, with passwords.
  let definition: SnapshotDefinition
  /// What the guest is to do then.
  let state: RevertedState
  /// Whether the guest is Nestor's.
  private let isNestors: Bool

  /// The way to a snapshot, which is read; the guest is not touched yet.
  init(of guest: LockedGuest, to snapshot: Snapshot, _ state: RevertedState) async throws {
    self.guest = guest
    self.snapshot = snapshot
    self.state = state
    var definition = try await snapshot.definition(secure: true)
    // So it is after virsh renamed the guest, and libvirt would take the name for what the guest is to have.
    if let old = definition.domain?.name, old != guest.name {
      try await guest.attempt { try await guest.renameSnapshots(from: old) }
      definition = try await snapshot.definition(secure: true)
    }
    self.definition = definition
    isNestors = try await guest.record() != nil
  }

  /// Whether the guest runs in the end.
  var runsAfterwards: Bool {
    switch state {
    case .running: true
    case .paused: false
    case .fromSnapshot: definition.state == .running
    }
  }

  /// Whether it goes on from a time that is past; one that boots asks for the time itself.
  var needsClock: Bool { definition.holdsMemory }

  /// Takes the guest back. With `leavesPaused` one that is to run is paused then, and ``Hypervisor/resumeAll(_:)`` has to
  /// follow.
  func run(leavesPaused: Bool = false) async throws {
    guest.hypervisor.report(ProgressReport(guest.name, "going back to snapshot '\(snapshot.name)'"))
    try await withContext("cannot take guest '\(guest.name)' back to snapshot '\(snapshot.name)'") {
      let before = try await guest.devices()
      let isOnAfterwards = definition.holdsMemory || state != .fromSnapshot
      if isNestors, isOnAfterwards, let then = definition.domain { try await guest.startNetworks(then) }
      try await guest.noting(.revert(snapshot.name, leavesPaused ? .running : state), leavesPaused: leavesPaused) {
        try await runWithoutNote(leavesPaused: leavesPaused)
      }
      guard isNestors else { return }
      await guest.reserveAddressesAgain(before.config?.interfaces ?? [])
      // What was added after the snapshot was taken goes with all the rest; gc finds what stays.
      try? await guest.removeUnusedDisks(among: before.disksNowAndLater.compactMap(\.source.path))
    }
  }

  /// Takes the guest back, without a note of that; its saved memory is given up then, which libvirt would wake at the next
  /// start, on disks that are others.
  func runWithoutNote(leavesPaused: Bool = false) async throws {
    var flags = leavesPaused ? SnapshotRevertFlags.paused : state.flags
    // For this reason alone libvirt would refuse without it; what it sleeps with stays until it is back.
    let sleeps = definition.holdsMemory ? false : (try? await guest.domain.hasManagedSave()) == true
    if sleeps { flags.insert(.force) }
    let target = SnapshotTarget(snapshot: snapshot, definition: definition, flags: flags)
    // Record and devices will be those of the snapshot.
    guest.forget()
    do {
      if isNestors { try await guest.revert(target) } else { try await target.start() }
    } catch let error as LibvirtError where sleeps && !error.isOfAbility {
      // The disks may be others already, which its memory does not fit.
      try? await guest.removeSavedMemory()
      guest.hypervisor.warn("the memory that guest '\(guest.name)' slept with is given up; it boots at its next start")
      throw error
    }
    try await guest.removeSavedMemory()
  }
}

extension LockedGuest {
  /// Reverts the guest, which is Nestor's, to a snapshot; where another guest has the CID of that time, the snapshot is
  /// redefined with another before.
  func revert(_ target: SnapshotTarget) async throws {
    var choice = ContextIDChoice(uuid: uuid)
    if try await domain.isActive(), let own = try DomainDefinition(xml: try await domain.xml()).devices.vsock?.cid {
      // It gives its CID up on the way.
      choice.own = own
    }
    try await start(target, choice)
  }
}

extension LibvirtError {
  /// Whether libvirt cannot do what was asked at all, so that it has not begun with it.
  fileprivate var isOfAbility: Bool {
    [.configUnsupported, .argumentUnsupported, .operationUnsupported].contains(code)
  }
}
