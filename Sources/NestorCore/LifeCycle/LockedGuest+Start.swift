import DomainXML
import Libvirt
import NestorSupport

extension LockedGuest {
  /// Throws its saved memory away, where it has any.
  func giveUpSavedMemory() async throws {
    guard try await guest.status() == .saved else { return }
    try await withContext("cannot give up the saved memory of guest '\(name)'") {
      try await removeSavedMemory()
    }
  }

  /// Starts it, or wakes it where its memory was saved; one that runs is left alone. Returns whether anything was done.
  func start() async throws -> Bool {
    try await requireComplete()
    let (state, status) = try await withContext("cannot ask for the state of guest '\(name)'") {
      let state = try await domain.state()
      return (state, try await guest.status(state))
    }
    // What is left of it may be wanted.
    if status == .panicked { throw guest.notRunning(status) }
    guard !status.isActive || state.isStartingUp else { return false }
    hypervisor.report(ProgressReport(name, "starting"))
    let isNestors = try await record() != nil
    if status == .saved {
      // Its disks may not be those any more that its memory is about.
      try requireEnded()
      if let memory = try await withContext(wakeFailure, { try await savedMemory() }) {
        try await wake(memory, isNestors: isNestors)
        return true
      }
    }
    if isNestors && !state.isStartingUp {
      let definition = try await definition()
      try await prepare(definition)
      await keepAddresses(of: definition.devices.interfaces)
      try await provision { try await $0.refresh(agent: AgentProgram.find()) }
      try withSystemContext("cannot put the console log of guest '\(name)' aside") { try guest.consoleLog.rotate() }
      try await begin(BootTarget(guest, definition))
    } else {
      // What Nestor did not make has its maker's CID.
      try await begin(startFailure) { [domain] in try await StartRace.retrying { try await domain.start() } }
    }
    return true
  }

  /// Boots the guest, which was just made from a definition: its addresses are kept, and its agent is the present one.
  func boot(_ definition: DomainDefinition) async throws {
    hypervisor.report(ProgressReport(name, "starting"))
    try await prepare(definition)
    try await begin(BootTarget(guest, definition))
  }

  private func wake(_ memory: SavedMemoryTarget, isNestors: Bool) async throws {
    do {
      if isNestors {
        let definition = try await definition()
        try await prepare(definition)
        await keepAddresses(of: definition.devices.interfaces)
        try await begin(memory, wakeFailure)
        await agent.catchUpClock()
      } else {
        try await begin(wakeFailure) { try await memory.start() }
      }
    } catch var failure as NestorError {
      // In QEMU's words.
      if failure.cause?.contains("load of migration failed") == true {
        failure.hint = "its saved memory may be damaged; to give it up: nestor start --force-boot \(name)"
      }
      throw failure
    }
  }

  private var startFailure: String { "cannot start guest '\(name)'" }
  private var wakeFailure: String { "cannot wake guest '\(name)'" }

  /// Its definition, as it runs where it does.
  func definition() async throws -> DomainDefinition {
    try await withContext("cannot read guest '\(name)'") { try DomainDefinition(xml: try await domain.xml()) }
  }

  /// Sees to what the guest needs of the machine and of its networks at its start.
  private func prepare(_ definition: DomainDefinition) async throws {
    if let obstacle = HostDeviceRequirements().obstacle(to: definition) {
      throw NestorError(.unavailable, startFailure, cause: obstacle.cause, hint: obstacle.hint)
    }
    if try await FirmwareVariables.make(for: definition, in: directory) {
      hypervisor.warn("the file of the firmware's variables of guest '\(name)' was gone; it has new ones")
    }
    try await startNetworks(definition)
  }

  private func begin(_ target: some StartTarget, _ failure: String? = nil) async throws {
    try await begin(failure ?? startFailure) { try await start(target, ContextIDChoice(uuid: uuid)) }
  }

  /// Runs a start of libvirt's; one that another program began before serves as well.
  private func begin(_ failure: String, _ start: () async throws -> Void) async throws {
    do {
      try await start()
    } catch let error as LibvirtError where error.code == .operationInvalid {
      // Such as a nestor that was killed while libvirt went on with its start: libvirt has let this call wait for the end
      // of that one.
      guard try await domain.isActive() else { throw NestorError(wrapping: error, failure) }
    } catch {
      throw NestorError(wrapping: error, failure)
    }
  }
}
