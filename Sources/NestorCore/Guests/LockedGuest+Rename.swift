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
      do {
        _ = try await domain.rename(to: new)
      } catch {
        // The daemon may have been through with it all the same.
        if try await hypervisor.connection.domain(uuid: uuid).name == name { try forgetRename() }
        throw error
      }
      try await hypervisor.held(try await hypervisor.connection.domain(uuid: uuid), to: "rename").endRename()
    }
  }

  /// Refuses a guest that is not defined, that is on, that sleeps, or whose rename or renewal could not be ended.
  func requireOff() async throws {
    try await requireComplete()
    try requireEnded()
    try requireIdentityEnded()
    guard try await guest.isPersistent() else { throw error(.unsupported, "it is not defined, and gone when it stops") }
    try await requireAwake()
    guard try await !attempt({ try await domain.isActive() }) else {
      throw error(.invalidState, "it is on", hint: "stop it: nestor stop \(name)")
    }
  }

  /// Refuses to note other work on its name or UUID while some could not be ended, which a warning has told of.
  private func requireIdentityEnded() throws {
    let files = [guest.unfinishedRenameFile, hypervisor.state.unfinishedRenewal(name)]
    guard let file = files.first(where: FileTree.exists) else { return }
    throw error(
      .busy, "other work on its name or UUID was begun and is not ended",
      hint: "nestor list tries that again; see \(file)")
  }

  /// Has each of the guest's snapshots hold the name that the guest has now, which it does not after virsh renamed it:
  /// libvirt would give the guest its old name back with the first revert, behind its own back.
  func renameSnapshots(from old: String) async throws {
    try await hypervisor.requireLocal("revert a guest that virsh renamed")
    try requireIdentityEnded()
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
    guard var work = try await guest.unfinishedRename() else { return }
    guard try work.isBegun(of: name) else { return try forgetRename() }
    let variables = try await takeName(from: work.from)
    let isNestors = try await record().map { $0.stage == .complete } ?? false
    if isNestors {
      try provisioning.rename(to: name)
      await refreshDelivery()
      try await hypervisor.renameReservations(of: try await configuredNICs(), from: work.from, to: name)
    }
    // At last, so that a note which has to stay is not applied to snapshots that others were made after.
    work.snapshots = try work.snapshots.adding(try await SnapshotSet(of: domain))
    try work.write(to: guest.unfinishedRenameFile)
    try await work.snapshots.redefine(for: guest) { [name] domain in
      let old = domain.name
      domain.rename(from: old, to: name)
      guard let path = domain.os.nvram?.path,
        let move = FirmwareVariablesMove(of: path, from: old, to: name), move.new == variables
      else { return }
      domain.os.nvram?.path = move.new
    }
    try forgetRename()
  }

  /// Brings the guest its new name, as its next start does where this fails.
  private func refreshDelivery() async {
    do {
      try await withContext("guest '\(name)' is told its new name at its next start") {
        if try await !domain.isActive() { try await provisioning.refresh(agent: AgentProgram.find()) }
      }
    } catch {
      hypervisor.warn("\(error)")
    }
  }

  /// Notes that the guest gets another name than `old`, with its snapshots.
  private func noteRename(from old: String) async throws {
    let snapshots = try await SnapshotSet(of: domain)
    // One that Nestor did not make has no directory yet.
    try makeDirectory()
    try FileTree.makeDirectory(hypervisor.state.privateFolder(uuid), mode: 0o700)
    try UnfinishedRename(
      uri: try await hypervisor.connection.uri(), from: old, snapshots: snapshots
    ).write(to: guest.unfinishedRenameFile)
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

  /// Has the guest's definition, and the file that libvirt named after it, follow its name; returns where its firmware's
  /// variables are said to lie then.
  private func takeName(from old: String) async throws -> String? {
    let before = try DomainDefinition(xml: try await domain.xml([.inactive, .secure]))
    var after = before
    after.rename(from: old, to: name)
    let move = try await variablesMove(of: before, from: old)
    if let move {
      // Both names are there until libvirt knows the new one.
      if !FileTree.exists(move.new) { try FileTree.link(move.old, to: move.new) }
      if before.os.nvram?.path != nil { after.os.nvram?.path = move.new }
    }
    if after != before { _ = try await hypervisor.connection.defineDomain(xml: try after.xml()) }
    forget()
    if let move {
      try FileTree.remove(move.old)
    } else if let path = after.os.nvram?.path, let back = FirmwareVariablesMove(of: path, from: name, to: old),
      FileTree.isSameFile(back.old, back.new), try await hypervisor.domain(named: old) == nil
    {
      // A program was killed when libvirt knew the new name already.
      try FileTree.remove(back.new)
    }
    return after.os.nvram?.path
  }

  /// The file of its firmware's variables that is to follow its name; nil where none is there, or somebody else may use one of
  /// the two.
  private func variablesMove(of definition: DomainDefinition, from old: String) async throws -> FirmwareVariablesMove? {
    let uri = try await hypervisor.connection.uri()
    guard let move = FirmwareVariablesMove(in: definition, from: old, to: name, uri: uri), FileTree.exists(move.old),
      !move.isBlocked
    else { return nil }
    // Its own program has the file open under the old name; and that may be another guest's name by now.
    if try await domain.isActive() { return nil }
    return try await hypervisor.domain(named: old) == nil ? move : nil
  }
}

extension UnfinishedRename {
  /// Whether there is something to do for a guest of this name: not where libvirt was never asked.
  fileprivate func isBegun(of name: String) throws -> Bool {
    try from != name || snapshots.definitions().contains { $0.domain.map { $0.name != name } ?? false }
  }
}
