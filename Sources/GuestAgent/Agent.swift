import GuestProtocol
import GuestTransport
import Synchronization

/// What all sessions of an agent share.
package final class Agent: Sendable {
  /// Where the key lies in the guest; nil where it lies nowhere.
  private let keyFile: String?
  private let currentKey: Mutex<GuestKey>
  let log: AgentLog
  let system: GuestSystem
  let keepAlive: SessionKeepAlive
  let sessions: SessionTable
  let children: ChildTable
  /// Programs of which something may be left: their leaders end before the rest of their groups.
  let programs = Atomic(0)

  /// The key of new sessions.
  var key: GuestKey { currentKey.withLock { $0 } }

  /// Makes an agent for the guest of a key, which lies in `keyFile`, with room for so many authenticated sessions at once.
  package init(
    key: GuestKey, keyFile: String? = nil, maximumSessions: Int = 256, log: AgentLog = AgentLog(),
    system: GuestSystem = GuestSystem(), keepAlive: SessionKeepAlive = SessionKeepAlive()
  ) {
    currentKey = Mutex(key)
    self.keyFile = keyFile
    self.log = log
    self.system = system
    self.keepAlive = keepAlive
    children = system.children
    sessions = SessionTable(limit: maximumSessions)
  }

  /// Takes another key for new sessions, once it lies in the place of the old one.
  func take(_ key: GuestKey) throws(KernelError) {
    if let keyFile { try system.replace(keyFile, with: key.file, mode: 0o600) }
    currentKey.withLock { $0 = key }
  }

  /// The number of programs that run in its sessions at this moment.
  package var runningPrograms: Int { programs.load(ordering: .relaxed) }

  /// Whether something would be left behind if the agent ended now: programs of its sessions, or frozen file systems.
  package var isBusy: Bool { runningPrograms > 0 || system.isFreezing.withLock { $0 } }

  /// Serves one connection until its peer goes, on this thread.
  package func serve(_ stream: ByteStream, transport: String, interruption: Int32? = nil) {
    AgentSession(agent: self, stream: stream, transport: transport, interruption: interruption).run()
  }

  /// Thaws the file systems that an agent before this one has left frozen, since it was killed; answers with where they
  /// are mounted. For the start of an agent, before its first session.
  package func thawLeftovers() -> [[UInt8]] {
    Freezer.thawLeftovers(system)
  }
}
