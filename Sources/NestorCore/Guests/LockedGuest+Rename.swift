import DomainXML
import Libvirt
import NestorSupport

extension LockedGuest {
  /// See ``Hypervisor/rename(_:to:)``; the lock of the new name is held, too.
  func rename(to new: String) async throws {
    try await requireOff()
    try await attempt {
      try await requireFreeVariablesFile(for: new)
      try await noteRename(from: name)
      let renamed: Domain
      do {
        renamed = try await domain.rename(to: new)
      } catch {
        try forgetRename()
        throw error
      }
      try await hypervisor.held(renamed, to: "rename").endRename()
    }
  }

  /// Refuses a guest that is not defined, that is on, or that sleeps.
  func requireOff() async throws {
    try await requireComplete()
    guard try await guest.isPersistent() else { throw error(.unsupported, "it is not defined, and gone when it stops") }
    try await requireAwake()
    guard try await !attempt({ try await domain.isActive() }) else {
      throw error(.invalidState, "it is on", hint: "stop it: nestor stop \(name)")
    }
  }

  /// Has each of the guest's snapshots hold the name that the guest has now, which it does not after virsh renamed it:
  /// libvirt would give the guest its old name back with the first revert, behind its own back.
  func renameSnapshots(from old: String) async throws {
    try await noteRename(from: old)
    try await endRename()
  }

  /// Ends the work of a program that was killed while it renamed the guest; where that fails, a warning says why.
  func recoverRename() async {
    guard guest.hasUnfinishedRename,
      hypervisor.triedToEnd.withLock({ $0.insert(UnfinishedRename.id(uuid)).inserted })
    else { return }
    do {
      try await withContext("cannot finish giving guest '\(name)' its name") { try await endRename() }
    } catch {
      hypervisor.warn("\(error)")
    }
  }

  /// Does what is left to do of a rename that was noted; libvirt has done its part, or was never asked.
  func endRename() async throws {
    guard let work = UnfinishedRename.read(guest.unfinishedRenameFile) else {
      guard guest.hasUnfinishedRename else { return }
      throw NestorError(.corrupted, "what is to be done cannot be read", cause: guest.unfinishedRenameFile)
    }
    guard try work.isBegun(of: name) else { return try forgetRename() }
    try await takeName(from: work.from)
    try await work.snapshots.redefine(for: guest) { [name] domain in domain.rename(from: domain.name, to: name) }
    if let record = try await record(), record.stage == .complete {
      try await hypervisor.renameReservations(of: try await configuredNICs(), from: work.from, to: name)
      try provisioning.rename(to: name)
      if try await !domain.isActive() { try await provisioning.refresh(agent: AgentProgram.find()) }
    }
    try forgetRename()
  }

  /// Notes that the guest gets another name than `old`, with its snapshots.
  private func noteRename(from old: String) async throws {
    let snapshots = try await SnapshotSet(of: domain)
    // One that Nestor did not make has no directory yet.
    try makeDirectory()
    try FileTree.makeDirectory(hypervisor.state.privateFolder(uuid), mode: 0o700)
    try UnfinishedRename(from: old, snapshots: snapshots).write(to: guest.unfinishedRenameFile)
  }

  /// Forgets what was noted, and the directory that was made for it alone.
  private func forgetRename() throws {
    try FileTree.remove(guest.unfinishedRenameFile)
    for directory in [hypervisor.state.privateFolder(uuid), directory] where try FileTree.names(in: directory).isEmpty {
      try FileTree.remove(directory)
    }
  }

  /// Refuses a name under which somebody's firmware variables lie already: those of a guest that virsh renamed or undefined.
  private func requireFreeVariablesFile(for new: String) async throws {
    let definition = try DomainDefinition(xml: try await domain.xml(.inactive))
    let uri = try await hypervisor.connection.uri()
    guard let move = FirmwareVariablesMove(in: definition, from: name, to: new, uri: uri), move.isBlocked else {
      return
    }
    throw error(
      .exists, "\(move.new) is there already, where the firmware's variables of a guest '\(new)' lie",
      hint: "another guest may need it, see nestor xml; move it away, or choose another name")
  }

  /// Has the guest's definition, and the file that libvirt named after it, follow its name.
  private func takeName(from old: String) async throws {
    // Its program has the file open under the old name.
    guard try await !domain.isActive() else { return }
    let before = try DomainDefinition(xml: try await domain.xml([.inactive, .secure]))
    let uri = try await hypervisor.connection.uri()
    var after = before
    after.rename(from: old, to: name)
    let move = FirmwareVariablesMove(in: before, from: old, to: name, uri: uri)
    let isMoved = if let move { FileTree.exists(move.old) && !move.isBlocked } else { false }
    // Both names are there until libvirt knows the new one.
    if let move, isMoved, !FileTree.exists(move.new) { try FileTree.link(move.old, to: move.new) }
    if let move, move.isBlocked, before.os.nvram?.path != nil { after.os.nvram?.path = move.old }
    if after != before { _ = try await hypervisor.connection.defineDomain(xml: try after.xml()) }
    forget()
    if let move, isMoved { try FileTree.remove(move.old) }
  }
}

extension UnfinishedRename {
  /// Whether there is something to do for a guest of this name: not where libvirt was never asked.
  fileprivate func isBegun(of name: String) throws -> Bool {
    try from != name || snapshots.definitions().contains { $0.domain.map { $0.name != name } ?? false }
  }
}
