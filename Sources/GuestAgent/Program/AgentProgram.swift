import CLinux
import Glibc
import GuestProtocol
import GuestTransport

/// The agent as a program: from its command line to its end by a signal.
package enum AgentProgram {
  /// How long sessions may take to end their programs and thaw file systems when the agent is told to end.
  private static let farewell = Duration.seconds(4)

  /// Runs the program; answers with its exit status: 0, or 64 for a wrong command line, 78 for a key that cannot be used.
  package static func run(_ arguments: [String]) -> Int32 {
    let log = AgentLog()
    let options: AgentOptions
    do {
      switch try AgentOptions.parse(arguments) {
      case .help:
        print(AgentOptions.help, terminator: "")
        return 0
      case .version:
        print(agentProgram)
        return 0
      case .serve(let wanted): options = wanted
      }
    } catch {
      log.note("\(error)")
      return 64
    }
    do {
      return try serve(options, log)
    } catch {
      log.note("\(error)")
      return 78
    }
  }

  private static func serve(_ options: AgentOptions, _ log: AgentLog) throws -> Int32 {
    nestor_save_memory()
    // Each session has a handful of descriptors, and 1024 are soon too few.
    nestor_raise_open_files()
    // A file that grows beyond a limit is then told by the write, which fails.
    signal(SIGXFSZ, SIG_IGN)
    guard nestor_hold_signals() == 0 else { throw TransportError("hold signals") }
    let agent = Agent(
      key: try KeyFile.read(options.keyFile), keyFile: options.keyFile, maximumSessions: options.maximumSessions,
      log: log)
    _ = nestor_adopt_orphans()
    Leftovers.end()
    for mountPoint in agent.thawLeftovers() { log.note("thawed \(shown(mountPoint)), which an agent had left frozen") }
    let interruption = try Interruption()
    OrphanReaper.start(agent.children)
    ClockKeeper(system: agent.system, log: log).start()
    if options.usesVsock { VsockService(agent, options, interruption).start() }
    if options.usesPorts { PortService(agent, interruption).start() }
    log.note("\(agentProgram) serves the guest \(agent.key.guest)")
    _ = nestor_wait_for_end_signal()
    interruption.raise()
    let end = Instant.now + farewell
    while agent.isBusy && Instant.now < end { usleep(10_000) }
    return 0
  }
}
