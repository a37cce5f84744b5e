import Libvirt
import NestorSupport

extension Guest {
  /// How long a goal is waited for where nobody says.
  private static let usualTimeout = Duration.seconds(300)

  /// Waits until it has reached a goal; returns what showed it, such as the console's line or the address.
  ///
  /// Without a time limit, a guest that is to be up has as long as its template says, and anything else five minutes.
  /// Throws ``NestorError`` of code `timedOut` that names the stage reached and the console's last lines, or
  /// `invalidState` as soon as the goal is out of reach because the guest went off.
  package func wait(for goal: WaitGoal, timeout: Duration? = nil) async throws -> String {
    let stage = goal.stage
    hypervisor.report(ProgressReport(name, stage))
    let record = goal == .ready ? try await record() : nil
    let timeout = timeout ?? record?.readyTimeout ?? Self.usualTimeout
    // Whatever libvirt throws meanwhile, the end of the connection among it, ends the wait with a clear error.
    let result = try await withContext("cannot go on watching guest '\(name)'") {
      let changes = try await hypervisor.connection.domainLifecycleEvents(domain: domain)
      // Its last run's console is still there, and would say that it is up.
      if goal.needsGuestOn {
        let status = try await status()
        guard status.isActive, status != .panicked else { throw notRunning(status) }
      }
      return try await Deadline(after: timeout).limit {
        try await withThrowingTaskGroup(of: String?.self) { group in
          group.addTask { try await reach(goal, record) }
          group.addTask { try await watch(changes, goal) }
          defer { group.cancelAll() }
          while let reached = try await group.next() {
            if let reached { return reached }
          }
          throw CancellationError()
        }
      }
    }
    if let result { return result }
    throw NestorError(
      .timedOut, "guest '\(name)' did not get there in \(timeout.components.seconds) s: \(stage)",
      cause:
        "it is \(try await status().rawValue)\(consoleTail)",
      hint: "give it longer with --timeout, or look: nestor logs \(name)")
  }

  private func reach(_ goal: WaitGoal, _ record: GuestRecord?) async throws -> String? {
    switch goal {
    // Both are told by events; this one only looks at how it is now.
    case .running: return try await status() == .running ? "running" : nil
    case .off: return try await status().isActive ? nil : "off"
    case .console(let text): return try await consoleLine(text)
    case .ready: return try await readiness(record)
    case .agent, .ssh, .cloudInit, .file, .port, .command: return try await reachByAgent(goal)
    case .address: return try await firstAddress()
    }
  }

  /// Waits for what a guest's template says shows that it is up, or else for its agent to say so.
  private func readiness(_ record: GuestRecord?) async throws -> String {
    if let line = record?.readyLine { return try await consoleLine(line) }
    let hasAgent = agent.isThere
    let notifications = try await agent.notifications()
    guard hasAgent || notifications != nil else {
      throw NestorError(
        .unsupported, "guest '\(name)' does not say how to see that it is up",
        cause: record == nil
          ? "nestor did not make it" : "its template '\(record?.template ?? "")' names no line, and it has no agent",
        hint: "say it: nestor wait \(name) --for console:TEXT")
    }
    guard let notifications else { return try await reachByAgent(.ready) }
    return try await withThrowingTaskGroup(of: String.self) { group in
      group.addTask { try await agent.readyMessage(from: notifications) }
      if hasAgent { group.addTask { try await reachByAgent(.ready) } }
      defer { group.cancelAll() }
      guard let sign = try await group.next() else { throw CancellationError() }
      return sign
    }
  }

  private func consoleLine(_ text: String) async throws -> String {
    if let line = await consoleLog.line(containing: text) { return line }
    try Task.checkCancellation()
    throw NestorError(
      .unavailable, "cannot read the console log of guest '\(name)'",
      cause: "there is no folder \(directory)", hint: "only guests that nestor made have a console log")
  }

  private func watch(_ changes: DomainEventStream<LifecycleEvent>, _ goal: WaitGoal) async throws
    -> String?
  {
    for try await change in changes {
      switch goal {
      case .running where change.payload.kind == .started: return "running"
      case .off where change.payload.kind == .stopped: return "off"
      case _ where goal.needsGuestOn && change.payload.kind == .stopped:
        throw NestorError(
          .invalidState, "guest '\(name)' went off while it was waited for",
          cause: "it went off (\(change.payload.detailText))\(consoleEnd)",
          hint: "its console: nestor logs \(name)")
      case _ where goal.needsGuestOn && change.payload.kind == .crashed:
        // It goes off, or boots again, unless its memory is kept.
        if try await status() == .panicked { throw notRunning(.panicked) }
      default: continue
      }
    }
    return nil
  }

  /// What to wait for after its start: that it is up, where its console or its agent can say so, else that it runs.
  package func goalOfStart() async throws -> WaitGoal {
    if try await record()?.readyLine != nil { return .ready }
    return agent.isThere ? .ready : .running
  }
}
