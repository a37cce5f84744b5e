import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport

extension Hypervisor {
  /// Starts a guest; one that runs already is left alone.
  ///
  /// A guest with a managed save wakes from it, unless `booting` is set: then that memory is lost. Returns whether anything
  /// was done.
  @discardableResult
  public func start(_ name: String, booting: Bool = false) async throws -> Bool {
    try await locking(name, to: "start") {
      let domain = try await domain(name)
      if booting, try await status(of: domain, record: nil) == .saved {
        try await explaining("cannot give up the saved memory of guest '\(name)'") {
          try await removeSavedMemory(of: domain)
        }
      }
      return try await startLocked(domain)
    }
  }

  /// Starts a domain whose lock is held.
  func startLocked(_ domain: Domain) async throws -> Bool {
    let record = try await record(of: domain)
    try refuseUnfinished(record, domain.name, to: "start")
    var status = try await status(of: domain, record: record)
    let isUnderWay = try await isStartingUp(domain)
    if status.isActive && !isUnderWay { return false }
    report(ProgressReport(domain.name, "starting"))
    // Its disks may not be those any more that its memory is about.
    if status == .saved { try requireEnded(domain) }
    if status == .saved, try await !explaining("cannot wake guest '\(domain.name)'", { try await canWake(domain) }) {
      status = .shutOff
    }
    if record != nil && !isUnderWay {
      let xml = try await explaining("cannot read guest '\(domain.name)'") { try await domain.xml() }
      let definition = try DomainDefinition(xml: xml)
      if let obstacle = SpecialDevices().obstacle(to: definition) {
        throw NestorError(
          .unavailable, "cannot start guest '\(domain.name)'", cause: obstacle.cause, hint: obstacle.hint)
      }
      try await startNetworks(of: domain, definition)
      await keepAddresses(of: domain)
      // One that wakes goes on with the run that it was in.
      if status != .saved {
        try await explaining("cannot bring the agent and its settings to guest '\(domain.name)'") {
          try await Courier(state: state, uuid: domain.uuid).refresh(agent: AgentProgram.find())
        }
        try rotateConsole(of: domain)
      }
    }
    do {
      // What Nestor did not make has its maker's context ID.
      if record == nil || isUnderWay {
        try await StartRace.retrying { try await domain.start() }
      } else if status == .saved {
        try await wakeWithContextID(domain, ContextIDChoice(uuid: domain.uuid))
        await setClock(of: domain)
      } else {
        try await startWithContextID(domain, ContextIDChoice(uuid: domain.uuid))
      }
    } catch let error as LibvirtError where error.code == .operationInvalid {
      // Another program was faster, such as a nestor that was killed while libvirt went on with its start: libvirt has
      // let this call wait for the end of that one.
      guard try await domain.isActive() else {
        throw NestorError(explaining: error, "cannot start guest '\(domain.name)'")
      }
    } catch {
      guard status == .saved else { throw NestorError(explaining: error, "cannot start guest '\(domain.name)'") }
      var failure = NestorError(explaining: error, "cannot wake guest '\(domain.name)'")
      // In QEMU's words.
      if failure.cause?.contains("load of migration failed") == true {
        failure.hint = "its saved memory may be damaged; to give it up: nestor start --force-boot \(domain.name)"
      }
      throw failure
    }
    return true
  }

  /// Whether libvirt is just starting a domain, which shows as paused meanwhile.
  private func isStartingUp(_ domain: Domain) async throws -> Bool {
    try await explaining("cannot ask for the state of guest '\(domain.name)'") { try await domain.state().isStartingUp }
  }

  /// Shuts a guest down and waits until it is off; one that is off already is left alone.
  ///
  /// The guest is asked by ACPI, again and again, since one that still boots does not hear the first request. Throws a
  /// ``NestorError`` with code `timedOut` when it does not obey in time; it then runs on.
  @discardableResult
  public func stop(_ name: String, _ options: StopOptions = StopOptions()) async throws -> Bool {
    try await locking(name, to: "stop", seconds: options.timeout + 30) {
      try await stopLocked(try await domain(name), options)
    }
  }

  /// Stops a domain whose lock is held.
  func stopLocked(_ domain: Domain, _ options: StopOptions) async throws -> Bool {
    let name = domain.name
    guard try await status(of: domain, record: nil).isActive else { return false }
    if options.force {
      report(ProgressReport(name, "pulling the plug"))
      try await explaining("cannot stop guest '\(name)'") { try await destroyIfActive(domain) }
      return true
    }
    if try await status(of: domain, record: nil) == .paused {
      throw NestorError(
        .invalidState, "guest '\(name)' is suspended and cannot hear a request to shut down",
        hint: "nestor resume \(name), or pull the plug: nestor stop --force \(name)")
    }
    let isOff = try await explaining("cannot go on watching guest '\(name)'") { try await askUntilOff(domain, options) }
    if isOff == true { return true }
    // The last event may have crossed with the end of the time.
    if try await !status(of: domain, record: nil).isActive { return true }
    throw NestorError(
      .timedOut, "guest '\(name)' is still running after \(Int(options.timeout)) s",
      cause: "it did not act on ACPI's power button\(lastWords(of: domain))",
      hint: "give it longer with --timeout, or pull the plug: nestor stop --force \(name)")
  }

  /// Asks a guest again and again; true once it is off, nil when the time is over.
  private func askUntilOff(_ domain: Domain, _ options: StopOptions) async throws -> Bool? {
    let changes = try await connection.domainLifecycleEvents(domain: domain)
    return try await Deadline(seconds: options.timeout).limit { [self] in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
          while true {
            try await self.askToShutDown(domain)
            try await ContinuousClock().sleep(for: .seconds(options.interval))
          }
        }
        group.addTask {
          for try await change in changes {
            if change.payload.kind == .stopped { return true }
          }
          return try await !self.status(of: domain, record: nil).isActive
        }
        defer { group.cancelAll() }
        return try await group.next() ?? false
      }
    }
  }

  private func askToShutDown(_ domain: Domain) async throws {
    report(ProgressReport(domain.name, "asked to shut down by ACPI, waiting for it to power off"))
    do {
      try await domain.shutdown()
    } catch let error as LibvirtError where error.code == .operationInvalid {
      // It went off between two requests; the event that says so is on its way.
    } catch {
      throw NestorError(explaining: error, "cannot ask guest '\(domain.name)' to shut down")
    }
  }

  /// Stops a guest and starts it again, so that it runs with its newest settings.
  public func restart(_ name: String, _ options: StopOptions = StopOptions()) async throws {
    try await locking(name, to: "restart", seconds: options.timeout + 30) {
      let domain = try await domain(name)
      _ = try await stopLocked(domain, options)
      _ = try await startLocked(domain)
    }
  }

  /// Lets a guest's CPUs stand still; its memory stays where it is.
  public func suspend(_ name: String) async throws {
    try await locking(name, to: "suspend") {
      let domain = try await domain(name)
      if try await status(of: domain, record: nil) == .paused { return }
      try await explaining("cannot suspend guest '\(name)'") { try await domain.suspend() }
    }
  }

  /// Lets a suspended guest run on, with the time of now where its agent can set it.
  public func resume(_ name: String) async throws {
    try await locking(name, to: "resume") {
      let domain = try await domain(name)
      if try await status(of: domain, record: nil) == .running { return }
      try await explaining("cannot resume guest '\(name)'") { try await domain.resume() }
      await setClock(of: domain)
    }
  }

  /// Pulls the plug, unless the guest is off already or goes off meanwhile.
  func destroyIfActive(_ domain: Domain) async throws {
    do {
      try await domain.destroy()
    } catch let error as LibvirtError where error.code == .operationInvalid {
      guard try await !domain.isActive() else { throw error }
    }
  }

  /// Refuses work on a guest that another program left half made or half deleted.
  func refuseUnfinished(_ record: GuestRecord?, _ name: String, to purpose: String) throws {
    guard let record, record.stage != .complete else { return }
    let what = record.stage == .incomplete ? "made" : "deleted"
    throw NestorError(
      .invalidState, "cannot \(purpose) guest '\(name)': it is only half \(what)",
      cause: "the program that \(what) it was ended before it was through",
      hint: "nestor delete \(name), or nestor gc --yes for all of them")
  }

  private func rotateConsole(of domain: Domain) throws {
    try explainingSystem("cannot put the console log of guest '\(domain.name)' aside") {
      try ConsoleLog(path: state.consoleLog(domain.uuid)).rotate()
    }
  }

  /// The console's last lines as the end of a sentence, or nothing.
  func lastWords(of domain: Domain) -> String {
    let lines = ConsoleLog(path: state.consoleLog(domain.uuid)).lastLines(5)
    return lines.isEmpty ? "" : "; its console's last lines:\n    " + lines.joined(separator: "\n    ")
  }
}
