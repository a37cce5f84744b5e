import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport

extension LockedGuest {
  /// Throws its saved memory away, where it has any.
  func giveUpSavedMemory() async throws {
    guard try await guest.status() == .saved else { return }
    try await explaining("cannot give up the saved memory of guest '\(name)'") {
      try await removeSavedMemory()
    }
  }

  /// Starts it, or wakes it where its memory was saved; one that runs is left alone. Returns whether anything was done.
  func start() async throws -> Bool {
    try await requireComplete()
    let record = try await record()
    var status = try await guest.status(record)
    let isUnderWay = try await explaining("cannot ask for the state of guest '\(name)'") {
      try await domain.state().isStartingUp
    }
    if status.isActive && !isUnderWay { return false }
    hypervisor.report(ProgressReport(name, "starting"))
    if status == .saved {
      // Its disks may not be those any more that its memory is about.
      try requireEnded()
      if try await !explaining(wakeFailure, { try await canWake() }) { status = .shutOff }
    }
    let isWaking = status == .saved
    if record != nil && !isUnderWay { try await prepareStart(isWaking: isWaking) }
    do {
      try await begin(isNestors: record != nil && !isUnderWay, isWaking: isWaking)
    } catch let error as LibvirtError where error.code == .operationInvalid {
      // Another program was faster, such as a nestor that was killed while libvirt went on with its start: libvirt has
      // let this call wait for the end of that one.
      guard try await domain.isActive() else { throw NestorError(explaining: error, startFailure) }
    } catch {
      guard isWaking else { throw NestorError(explaining: error, startFailure) }
      var failure = NestorError(explaining: error, wakeFailure)
      // In QEMU's words.
      if failure.cause?.contains("load of migration failed") == true {
        failure.hint = "its saved memory may be damaged; to give it up: nestor start --force-boot \(name)"
      }
      throw failure
    }
    return true
  }

  private var startFailure: String { "cannot start guest '\(name)'" }
  private var wakeFailure: String { "cannot wake guest '\(name)'" }

  /// Sees to what a guest of Nestor's needs at its start.
  private func prepareStart(isWaking: Bool) async throws {
    let xml = try await explaining("cannot read guest '\(name)'") { try await domain.xml() }
    let definition = try DomainDefinition(xml: xml)
    if let obstacle = SpecialDevices().obstacle(to: definition) {
      throw NestorError(.unavailable, startFailure, cause: obstacle.cause, hint: obstacle.hint)
    }
    try await hypervisor.startNetworks(of: domain, definition)
    await keepAddresses()
    // One that wakes goes on with the run that it was in.
    if isWaking { return }
    try await explaining("cannot bring the agent and its settings to guest '\(name)'") {
      try await Courier(state: hypervisor.state, uuid: uuid).refresh(agent: AgentProgram.find())
    }
    try explainingSystem("cannot put the console log of guest '\(name)' aside") { try guest.consoleLog.rotate() }
  }

  private func begin(isNestors: Bool, isWaking: Bool) async throws {
    guard isNestors else {
      // What Nestor did not make has its maker's CID.
      return try await StartRace.retrying { try await domain.start() }
    }
    let choice = ContextIDChoice(uuid: uuid)
    if isWaking {
      try await start(SavedMemoryTarget(domain: domain), choice)
      await agent.catchUpClock()
    } else {
      try await start(BootTarget(domain: domain, connection: hypervisor.connection), choice)
    }
  }
}
