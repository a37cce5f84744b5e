import Libvirt
import NestorSupport

/// What a user waits for a guest to reach.
public enum WaitGoal: Sendable, Equatable {
  /// Its CPUs run.
  case running
  /// It is off.
  case off
  /// It says on its console that it is up; without a text, in the words that its template names.
  case console(String?)
  /// It has an address from one of libvirt's networks.
  case address

  /// The goal as users write it.
  public init(parsing text: String) throws {
    switch text {
    case "running": self = .running
    case "off": self = .off
    case "ready", "console": self = .console(nil)
    case "ip": self = .address
    default:
      guard text.hasPrefix("console:"), text.utf8.count > 8 else {
        throw NestorError(
          .invalidArgument, "nestor cannot wait for '\(text)'", hint: "one of: running, off, ready, ip, console:TEXT")
      }
      self = .console(String(text.dropFirst(8)))
    }
  }
}

extension Orchestrator {
  /// Waits until a guest has reached a goal; answers with what showed it, such as the console's line or the address.
  ///
  /// Throws a ``NestorError`` with code `timedOut` that names the stage reached and the console's last lines, or
  /// `invalidState` as soon as the goal is out of reach because the guest went off.
  public func wait(_ name: String, for goal: WaitGoal, timeout: Double) async throws -> String {
    let domain = try await domain(name)
    let begun = ContinuousClock.now
    let stage = stageName(of: goal)
    report(ProgressReport(name, stage))
    // Whatever libvirt throws meanwhile, the end of the connection among it, ends the wait with a clear error.
    let result = try await explaining("cannot go on watching guest '\(name)'") {
      let changes = try await connection.domainLifecycleEvents(domain: domain)
      // Its last run's console is still there, and would say that it is up.
      if goal != .off && goal != .running, try await !status(of: domain, record: nil).isActive {
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
      cause: "it is \(try await status(of: domain, record: nil).rawValue)\(lastWords(of: domain))",
      hint: "give it longer with --timeout, or look: nestor logs \(name)")
  }

  private func stageName(of goal: WaitGoal) -> String {
    switch goal {
    case .running: "waiting for it to run"
    case .off: "waiting for it to be off"
    case .console(let text?): "waiting for '\(text)' on its console"
    case .console(nil): "waiting for its console to say that it is up"
    case .address: "waiting for its address"
    }
  }

  private func reach(_ goal: WaitGoal, _ domain: Domain) async throws -> String? {
    switch goal {
    // Both are told by events; this one only looks at how it is now.
    case .running: return try await status(of: domain, record: nil) == .running ? "running" : nil
    case .off: return try await status(of: domain, record: nil).isActive ? nil : "off"
    case .console(let text):
      let record = try await record(of: domain)
      guard let text = text ?? record?.readyLine else {
        throw NestorError(
          .unsupported, "guest '\(domain.name)' does not say how to see on its console that it is up",
          cause: record == nil ? "nestor did not make it" : "its template '\(record?.template ?? "")' names no line",
          hint: "say it: nestor wait \(domain.name) --for console:TEXT")
      }
      let log = ConsoleLog(path: state.consoleLog(domain.uuid))
      if let line = await log.line(containing: text) { return line }
      try Task.checkCancellation()
      throw NestorError(
        .unavailable, "cannot read the console log of guest '\(domain.name)'",
        cause: "there is no folder \(state.guest(domain.uuid))", hint: "only guests that nestor made have a console log"
      )
    case .address: return try await firstAddress(of: domain)
    }
  }

  /// Waits for a lease; libvirt has no event for it, so it is asked again while the guest runs.
  private func firstAddress(of domain: Domain) async throws -> String {
    while true {
      let interfaces = try await explaining("cannot ask for the addresses of guest '\(domain.name)'") {
        do {
          return try await domain.interfaceAddresses(.lease)
        } catch let error as LibvirtError where error.code == .operationInvalid {
          return []  // not started yet
        }
      }
      if let address = interfaces.flatMap(\.addresses).first { return address.address }
      try await ContinuousClock().sleep(for: .milliseconds(500))
    }
  }

  private func watch(_ changes: DomainEventStream<LifecycleEvent>, _ domain: Domain, _ goal: WaitGoal) async throws
    -> String?
  {
    for try await change in changes {
      switch goal {
      case .running where change.payload.kind == .started: return "running"
      case .off where change.payload.kind == .stopped: return "off"
      case .console where change.payload.kind == .stopped, .address where change.payload.kind == .stopped:
        throw NestorError(
          .invalidState, "guest '\(domain.name)' went off while it was waited for",
          cause: "it went off (\(change.payload.detailText))\(lastWords(of: domain))",
          hint: "its console: nestor logs \(domain.name)")
      default: continue
      }
    }
    return nil
  }
}
