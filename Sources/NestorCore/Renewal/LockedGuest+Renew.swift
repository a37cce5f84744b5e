import DomainXML
import Libvirt
import NestorSupport

extension Guest {
  /// Gives it, while it is off, a UUID, MAC addresses, a CID and an agent's key of its own; name, disks and addresses stay.
  /// Its next boot is a first boot, in which its system makes itself a machine ID and SSH host keys.
  ///
  /// For a guest that came with a copy of its container. Throws ``NestorError`` of code `invalidState` where it runs or sleeps,
  /// and where it has what only the old identity fits, unless `force` gives that up: snapshots that hold its memory, an
  /// emulated TPM.
  package func renew(force: Bool = false) async throws {
    try await hypervisor.requireLocal("renew a guest")
    try await withLock(to: "renew", timeout: Hypervisor.snapshotTimeout) { guest in
      try await unbroken { try await guest.renew(force: force) }
    }
  }
}

extension LockedGuest {
  fileprivate func renew(force: Bool) async throws {
    try await requireOff()
    guard try await record() != nil else {
      throw error(
        .unsupported, "nestor did not make it", hint: "copy it instead: virt-clone gives a copy what is its own")
    }
    try requireAgentProgram()
    let definition = try await attempt { try DomainDefinition(xml: try await domain.xml([.inactive, .secure])) }
    let new = Identifiers.randomUUID()
    let lost = try await snapshotsToLose(definition, force: force)
    try await requireAlone()
    var renewal = try await attempt {
      UnfinishedRenewal(
        uri: try await hypervisor.connection.uri(), name: name, old: uuid, new: new, xml: try definition.xml(),
        autostart: try await domain.autostart(), snapshots: SnapshotSet())
    }
    let state = hypervisor.state
    try await attempt { [renewal] in try await tryDefining(try renewal.definition(definition)) }
    if !lost.isEmpty { try await deleteSnapshots(lost) }
    renewal.snapshots = try await attempt { try await SnapshotSet(of: domain) }
    try await attempt { [renewal] in
      try renewal.write(to: state.unfinishedRenewal(name))
      do {
        try FileTree.rename(directory, to: state.guest(new))
      } catch {
        try FileTree.remove(state.unfinishedRenewal(name))
        throw error
      }
      try await hypervisor.endRenewal(of: name)
    }
  }

  /// Refuses a guest whose agent cannot be delivered again.
  func requireAgentProgram() throws {
    guard agent.isThere, AgentProgram.find() == nil else { return }
    throw error(.unavailable, AgentProgram.places(), hint: "the agent is delivered again, with a key of its own")
  }

  /// Has libvirt take a definition under another name for a moment: it may refuse one that it took long ago.
  private func tryDefining(_ definition: DomainDefinition) async throws {
    var trial = definition
    (trial.name, trial.uuid) = (Identifiers.randomUUID(), nil)
    trial.os.nvram = nil
    var record = try trial.guestRecord()
    // Should this be the end of the program, gc finds it.
    record?.stage = .incomplete
    if let record { trial.metadata[GuestRecord.namespace] = record.tree() }
    let domain = try await hypervisor.connection.defineDomain(xml: try trial.xml())
    do {
      try await domain.undefine()
    } catch let error as LibvirtError where error.code == .noDomain {
      // A gc was faster.
    }
  }

  /// The snapshots that fit only the identity that the guest has, oldest first; refuses where such things are not to be lost.
  private func snapshotsToLose(_ definition: DomainDefinition, force: Bool) async throws -> [String] {
    let present = try await attempt { try await snapshots.definitions() }
    let inFiles = present.filter(\.definition.isInFiles).map(\.name)
    guard inFiles.isEmpty else {
      throw error(
        .unsupported, "it has snapshots in files that name each other by its UUID: \(inFiles.joined(separator: ", "))",
        hint: "delete them, each by: nestor snapshot delete \(name) SNAPSHOT")
    }
    let withMemory = Set(present.filter(\.definition.holdsMemory).map(\.name))
    var lost: [String] = []
    if !withMemory.isEmpty { lost.append("the memory in its snapshots \(withMemory.sorted().joined(separator: ", "))") }
    if !definition.devices.tpms.isEmpty { lost.append("what its TPM holds") }
    guard force || lost.isEmpty else {
      throw error(
        .invalidState, "\(lost.joined(separator: " and ")) would be lost, which fits only the identity that it has",
        hint: "give it up: nestor renew --force \(name)")
    }
    return try await snapshots.list().map(\.name).filter(withMemory.contains)
  }

  /// Refuses a guest of whose files another guest has one: they get other paths.
  private func requireAlone() async throws {
    let others = try await attempt { try await guest.definitionsOfOthers() }
    guard let other = others.first(where: { $0.text.contains("/guests/\(uuid)/") }) else { return }
    throw error(
      .busy, "guest '\(other.name)' has a file of its directory, \(directory)",
      hint: "see: nestor disk list \(other.name)")
  }
}
