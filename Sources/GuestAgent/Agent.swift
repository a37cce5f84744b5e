import GuestProtocol
import GuestTransport

/// What all sessions of an agent share.
public final class Agent: Sendable {
  let key: GuestKey
  let log: AgentLog
  let sessions: SessionTable
  let children = ChildTable()

  /// Makes an agent for the guest of a key, with room for so many authenticated sessions at once.
  public init(key: GuestKey, maximumSessions: Int = 256, log: AgentLog = AgentLog()) {
    self.key = key
    self.log = log
    sessions = SessionTable(limit: maximumSessions)
  }

  /// The number of programs that run in its sessions at this moment.
  public var runningPrograms: Int { children.count }

  /// Serves one connection until its peer goes, on this thread.
  public func serve(_ stream: ByteStream, transport: String, interruption: Int32? = nil) {
    AgentSession(agent: self, stream: stream, transport: transport, interruption: interruption).run()
  }
}
