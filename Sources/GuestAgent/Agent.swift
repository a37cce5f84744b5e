import GuestProtocol
import GuestTransport
import Synchronization

/// What all sessions of an agent share.
public final class Agent: Sendable {
  let key: GuestKey
  let log: AgentLog
  let system: GuestSystem
  let keepAlive: KeepAlive
  let sessions: SessionTable
  let children: ChildTable
  /// Programs of which something may be left: their leaders end before the rest of their groups.
  let programs = Atomic(0)

  /// Makes an agent for the guest of a key, with room for so many authenticated sessions at once.
  public init(
    key: GuestKey, maximumSessions: Int = 256, log: AgentLog = AgentLog(), system: GuestSystem = GuestSystem(),
    keepAlive: KeepAlive = KeepAlive()
  ) {
    self.key = key
    self.log = log
    self.system = system
    self.keepAlive = keepAlive
    children = system.children
    sessions = SessionTable(limit: maximumSessions)
  }

  /// The number of programs that run in its sessions at this moment.
  public var runningPrograms: Int { programs.load(ordering: .relaxed) }

  /// Whether something would be left behind if the agent ended now: programs of its sessions, or frozen file systems.
  public var isBusy: Bool { runningPrograms > 0 || system.isFreezing.withLock { $0 } }

  /// Serves one connection until its peer goes, on this thread.
  public func serve(_ stream: ByteStream, transport: String, interruption: Int32? = nil) {
    AgentSession(agent: self, stream: stream, transport: transport, interruption: interruption).run()
  }

  /// Thaws the file systems that an agent before this one has left frozen, since it was killed; answers with where they
  /// are mounted. For the start of an agent, before its first session.
  public func thawLeftovers() -> [[UInt8]] {
    Freezer.thawLeftovers(system)
  }
}
