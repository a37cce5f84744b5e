import DomainXML
import Libvirt
import NestorSupport

extension Hypervisor {
  /// Ends the renewal of a guest, whose lock is held, where one was begun; see ``UnfinishedRenewal``. It can be cut off at
  /// any step, and be done again.
  func endRenewal(of name: String) async throws {
    let file = state.unfinishedRenewal(name)
    guard FileTree.exists(file) else { return }
    let failure = "cannot finish the renewal of guest '\(name)'"
    try await withContext(failure) {
      guard var renewal = UnfinishedRenewal.read(file) else {
        // It may be through by now.
        guard FileTree.exists(file) else { return }
        throw NestorError(.corrupted, "\(failure): its note cannot be read", cause: file)
      }
      guard try await connection.uri() == renewal.uri else { return }
      if FileTree.exists(state.guest(renewal.old)) {
        // It was started, say with libvirt, before anything was done.
        if try await domain(uuid: renewal.old)?.isActive() == true { return try FileTree.remove(file) }
        try FileTree.rename(state.guest(renewal.old), to: state.guest(renewal.new))
      }
      try await forget(&renewal, notedIn: file)
      let before = try DomainDefinition(xml: renewal.xml)
      let guest = try await redefine(renewal, before)
      renewal.snapshots = try renewal.snapshots.adding(try await SnapshotSet(of: guest.domain))
      try renewal.write(to: file)
      try await renewal.snapshots.redefine(for: guest.guest) { $0 = try renewal.definition($0) }
      try await guest.deliverIdentity(renewal.identity, before)
      try await renewReservations(of: name, before.devices.interfaces, renewal.identity.nics(before))
      try FileTree.remove(file)
    }
  }

  /// Does that for whoever has no lock, unless a living program is at it.
  func endRenewalUnlessLocked(of name: String) async {
    guard FileTree.exists(state.unfinishedRenewal(name)), (try? await isLocal()) == true,
      let lock = try? FileLock.tryAcquire(state.lock("guest", name))
    else { return }
    defer { withExtendedLifetime(lock) {} }
    await tryEndingRenewal(of: name)
  }

  /// Does it for whoever may have to do without; where it fails, a warning says why, once. The lock is held.
  func tryEndingRenewal(of name: String) async {
    guard FileTree.exists(state.unfinishedRenewal(name)), (try? await isLocal()) == true,
      triedToEnd.withLock({ $0.insert(UnfinishedRenewal.id(name)).inserted })
    else { return }
    do {
      try await unbroken { try await self.forWriting().endRenewal(of: name) }
    } catch {
      warn("\(error)")
    }
  }

  /// Has libvirt forget the guest as it was, which is noted before: virsh may have changed it since.
  private func forget(_ renewal: inout UnfinishedRenewal, notedIn file: String) async throws {
    guard let domain = try await domain(uuid: renewal.old) else { return }
    do {
      try await forget(domain, &renewal, notedIn: file)
    } catch let error as LibvirtError where error.code == .noDomain {
      // The daemon was still about it for a program that was killed.
    }
  }

  private func forget(_ domain: Domain, _ renewal: inout UnfinishedRenewal, notedIn file: String) async throws {
    guard try await !domain.isActive() else {
      throw NestorError(.busy, "somebody started it meanwhile", hint: "stop it: virsh destroy \(renewal.old)")
    }
    let definition = try DomainDefinition(xml: try await domain.xml([.inactive, .secure]))
    renewal.xml = try definition.xml()
    // libvirt forgets that it starts by itself, and its snapshots, before it forgets the guest.
    if try await domain.autostart() { renewal.autostart = true }
    renewal.snapshots = try renewal.snapshots.adding(try await SnapshotSet(of: domain))
    try renewal.write(to: file)
    var flags: DomainUndefineFlags = [.snapshotsMetadata, .checkpointsMetadata]
    if definition.hasFirmwareVariables { flags.insert(.keepNVRAM) }
    if !definition.devices.tpms.isEmpty { flags.insert(.tpm) }
    try await domain.undefine(flags, orOnly: .snapshotsMetadata)
  }

  /// Tells libvirt of the guest as it is to be.
  private func redefine(_ renewal: UnfinishedRenewal, _ before: DomainDefinition) async throws -> LockedGuest {
    let known = try await domain(uuid: renewal.new)
    let domain =
      if let known { known } else { try await connection.defineDomain(xml: try renewal.definition(before).xml()) }
    if renewal.autostart { try await domain.setAutostart(true) }
    return held(domain, to: "renew")
  }
}

extension LockedGuest {
  /// Brings it what it was brought before, with a key and with settings of its own.
  fileprivate func deliverIdentity(_ identity: CloneIdentity, _ source: DomainDefinition) async throws {
    try requireAgentProgram()
    try provisioning.removeForeignKey()
    try await provision { provisioning in
      let delivery = try provisioning.delivery(
        name: name, instance: uuid, nics: identity.nics(source), agent: AgentProgram.find())
      if let delivery { try await provisioning.provision(delivery) }
    }
  }
}

extension UnfinishedRenewal {
  /// The guest as a copy of itself, to which it owes all that tells it from another.
  var identity: CloneIdentity { CloneIdentity(source: (name, old), name: name, uuid: new) }

  /// A definition of the guest with its new identity; its own one, or that of a snapshot.
  func definition(_ before: DomainDefinition) throws -> DomainDefinition {
    var record = try before.guestRecord()
    record?.contextID = nil
    var definition = try identity.definition(before, record: record)
    (definition.os.nvram, definition.os.unknown) = (before.os.nvram, before.os.unknown)
    definition.os.nvram?.path = before.os.nvram?.path?.replacing("/guests/\(old)/", with: "/guests/\(new)/")
    // A disk elsewhere that happens to be named by the UUID stays where it is.
    for (index, disk) in before.devices.disks.enumerated() {
      guard let path = disk.source.path, !path.contains("/guests/\(old)/") else { continue }
      definition.devices.disks[index].source = disk.source
    }
    return definition
  }
}
