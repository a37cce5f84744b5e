import Libvirt
import LibvirtFailures
import NestorSupport

extension Hypervisor {
  /// Waits until a guest has reached a goal; answers with what showed it, such as the console's line or the address.
  ///
  /// Throws a ``NestorError`` with code `timedOut` that names the stage reached and the console's last lines, or
  /// `invalidState` as soon as the goal is out of reach because the guest went off.
  public func wait(_ name: String, for goal: WaitGoal, timeout: Double) async throws -> String {
    let domain = try await domain(name)
    let begun = ContinuousClock.now
    let stage = goal.stage
    report(ProgressReport(name, stage))
    // Whatever libvirt throws meanwhile, the end of the connection among it, ends the wait with a clear error.
    let result = try await explaining("cannot go on watching guest '\(name)'") {
      let changes = try await connection.domainLifecycleEvents(domain: domain)
      // Its last run's console is still there, and would say that it is up.
      if goal.needsGuestOn, try await !status(of: domain, record: nil).isActive {
        throw NestorError(.invalidState, "guest '\(name)' is not running", hint: "start it: nestor start \(name)")
      }
      return try await Deadline(seconds: timeout).limit { [self] in
        try await withThrowingTaskGroup(of: String?.self) { group in
          group.addTask { try await self.reach(goal, domain) }
          group.addTask { try await self.watch(changes, domain, goal) }
          defer { group.cancelAll() }
          while let reached = try await group.next() {
            if let reached { return reached }
          }
          throw CancellationError()
        }
      }
    }
    if let result { return result }
    let seconds = begun.duration(to: .now).components.seconds
    throw NestorError(
      .timedOut, "guest '\(name)' did not get there in \(seconds) s: \(stage)",
      cause:
        "it is \(try await status(of: domain, record: nil).rawValue)\(Guest(hypervisor: self, domain: domain).consoleTail)",
      hint: "give it longer with --timeout, or look: nestor logs \(name)")
  }

  private func reach(_ goal: WaitGoal, _ domain: Domain) async throws -> String? {
    switch goal {
    // Both are told by events; this one only looks at how it is now.
    case .running: return try await status(of: domain, record: nil) == .running ? "running" : nil
    case .off: return try await status(of: domain, record: nil).isActive ? nil : "off"
    case .console(let text): return try await consoleLine(text, domain)
    case .ready: return try await readiness(of: domain)
    case .agent, .ssh, .cloudInit, .file, .port, .command: return try await reachByAgent(goal, domain)
    case .address: return try await firstAddress(of: domain)
    }
  }

  /// Waits for what a guest's template says shows that it is up, or else for its agent to say so.
  private func readiness(of domain: Domain) async throws -> String {
    let record = try await record(of: domain)
    if let line = record?.readyLine { return try await consoleLine(line, domain) }
    let hasAgent = FileTree.exists(state.agentKey(domain.uuid))
    let notifications = try await notifications(of: domain)
    guard hasAgent || notifications != nil else {
      throw NestorError(
        .unsupported, "guest '\(domain.name)' does not say how to see that it is up",
        cause: record == nil
          ? "nestor did not make it" : "its template '\(record?.template ?? "")' names no line, and it has no agent",
        hint: "say it: nestor wait \(domain.name) --for console:TEXT")
    }
    guard let notifications else { return try await reachByAgent(.ready, domain) }
    return try await withThrowingTaskGroup(of: String.self) { group in
      group.addTask { try await self.readyMessage(from: notifications, domain) }
      if hasAgent { group.addTask { try await self.reachByAgent(.ready, domain) } }
      defer { group.cancelAll() }
      guard let sign = try await group.next() else { throw CancellationError() }
      return sign
    }
  }

  private func consoleLine(_ text: String, _ domain: Domain) async throws -> String {
    let log = ConsoleLog(path: state.consoleLog(domain.uuid))
    if let line = await log.line(containing: text) { return line }
    try Task.checkCancellation()
    throw NestorError(
      .unavailable, "cannot read the console log of guest '\(domain.name)'",
      cause: "there is no folder \(state.guest(domain.uuid))", hint: "only guests that nestor made have a console log")
  }

  private func watch(_ changes: DomainEventStream<LifecycleEvent>, _ domain: Domain, _ goal: WaitGoal) async throws
    -> String?
  {
    for try await change in changes {
      switch goal {
      case .running where change.payload.kind == .started: return "running"
      case .off where change.payload.kind == .stopped: return "off"
      case _ where goal.needsGuestOn && change.payload.kind == .stopped:
        throw NestorError(
          .invalidState, "guest '\(domain.name)' went off while it was waited for",
          cause: "it went off (\(change.payload.detailText))\(Guest(hypervisor: self, domain: domain).consoleTail)",
          hint: "its console: nestor logs \(domain.name)")
      default: continue
      }
    }
    return nil
  }
}
