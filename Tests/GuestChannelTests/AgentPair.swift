import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

/// An agent in this process, reached over socket pairs.
final class AgentPair: Sendable {
  let key: GuestKey
  let agent: Agent

  init(
    maximumSessions: Int = 256, keyFile: String? = nil, system: GuestSystem = GuestSystem(),
    keepAlive: SessionKeepAlive = SessionKeepAlive()
  ) throws {
    let guest = try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90"))
    // As both programs do: a peer that has gone is told by an error.
    signal(SIGPIPE, SIG_IGN)
    key = try GuestKey.random(for: guest)
    agent = Agent(
      key: key, keyFile: keyFile, maximumSessions: maximumSessions, system: system, keepAlive: keepAlive)
  }

  /// A stream to the agent, which serves it on a thread of its own.
  func stream() throws -> ByteStream {
    let (mine, theirs) = try ByteStream.pair()
    BlockingWork.start { [agent] in agent.serve(theirs, transport: "socket pair") }
    return mine
  }

  /// A session with the agent.
  func session() throws -> GuestSession {
    try GuestSession(try stream(), key: key)
  }
}
