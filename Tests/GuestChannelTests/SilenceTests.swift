import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

@testable import GuestAgent

@Suite("Peers that say nothing, or speak of another session", .timeLimit(.minutes(20))) struct SilenceTests {
  private let short = SessionKeepAlive(pingAfter: .milliseconds(20), silenceLimit: .milliseconds(120))
  /// For peers that are there: on a busy machine a thread can be without a processor for a tenth of a second and more.
  private let patience = SessionKeepAlive(pingAfter: .milliseconds(100), silenceLimit: .seconds(2))

  @Test("a client gives up an agent that has fallen silent")
  func silentAgent() throws {
    let pair = try AgentPair()
    let release = try Interruption()
    let stream = try RawPeer.agent(pair.key) { _ in _ = Waiting.wait(for: release.descriptor, timeout: .seconds(200)) }
    let session = try GuestSession(stream, key: pair.key, keepAlive: short)
    let began = Instant.now
    #expect {
      try session.report()
    } throws: { error in
      guard case .silent(let time)? = error as? SessionEnd else { return false }
      return (.milliseconds(120) ..< .seconds(20)).contains(time)
    }
    #expect(Instant.now - began < .seconds(20))
    release.raise()
  }

  @Test("an agent gives up a client that has fallen silent, after it asked")
  func silentClient() throws {
    let pair = try AgentPair(keepAlive: short)
    let client = try RawPeer.client(of: pair)
    var pings = 0
    let end = Instant.now + .seconds(200)
    while !client.connection.hasEnded, Instant.now < end {
      _ = Waiting.wait(for: client.connection.descriptor, timeout: .seconds(200))
      try client.connection.receive()
      while let frame = try client.connection.nextFrame() {
        #expect(frame == Frame(.ping, payload: client.terms.token))
        pings += 1
      }
    }
    #expect(client.connection.hasEnded)
    #expect(pings > 1)
    #expect(pair.agent.sessions.list(for: 0).isEmpty)
  }

  @Test(
    "a session lives on while both answer, though nothing else happens, and while nobody listens between operations")
  func alive() throws {
    let guest = try FakeGuest()
    guest.folder("/run")
    let pair = try AgentPair(system: guest.system)
    let interruption = try Interruption()
    let session = try GuestSession(try pair.stream(), key: pair.key, interruption: interruption, keepAlive: patience)
    let longer = UInt32((patience.silenceLimit + .milliseconds(200)).milliseconds) * 1_000
    var count = 0
    let began = Instant.now
    try session.watch { _ in
      count += 1
      if count == 1 {
        BlockingWork.start {
          usleep(longer)
          #expect(throws: Never.self) { try guest.write("/run/nestor/starting", "") }
        }
      }
      return count < 2
    }
    #expect(Instant.now - began > patience.silenceLimit)
    // Nothing is read for longer than the limit; the agent is there all the same.
    usleep(longer)
    #expect(try session.report().hostname == "origin")
  }

  @Test("a peer that works for longer than the limit on what came is there all the same")
  func busyPeer() throws {
    let pair = try AgentPair()
    let stream = try RawPeer.agent(pair.key) { agent in
      let work = SlowWork(agent.connection, frames: 150, pause: .milliseconds(20))
      try SessionLoop(agent.connection, terms: agent.terms, keepAlive: patience).run(work)
    }
    let client = try RawPeer.client(over: stream, key: pair.key)
    let work = MuchAtOnce(client.connection, frames: 150)
    let began = Instant.now
    try SessionLoop(client.connection, terms: client.terms, keepAlive: patience).run(work)
    #expect(work.isFinished && Instant.now - began > patience.silenceLimit)
  }

  @Test("a work's deadline is reached, also one that is always a little ahead")
  func movingDeadline() throws {
    let pair = try AgentPair()
    let release = try Interruption()
    defer { release.raise() }
    let stream = try RawPeer.agent(pair.key) { _ in _ = Waiting.wait(for: release.descriptor, timeout: .seconds(200)) }
    let client = try RawPeer.client(over: stream, key: pair.key)
    let work = MovingDeadline()
    // The silent peer ends what would never end.
    let keepAlive = SessionKeepAlive(pingAfter: .seconds(5), silenceLimit: .seconds(20))
    try SessionLoop(client.connection, terms: client.terms, keepAlive: keepAlive).run(work)
    #expect(work.isFinished)
  }

  @Test(
    "a ping of another session ends the client's, since the guest is not what it was",
    arguments: [
      FrameType.ping, .pong,
    ])
  func otherAgent(type: FrameType) throws {
    let pair = try AgentPair()
    let stream = try RawPeer.agent(pair.key) { agent in
      try agent.send(type, [1, 2, 3, 4, 5, 6, 7, 8])
      _ = agent.seesEnd(timeout: .seconds(200))
    }
    let session = try GuestSession(stream, key: pair.key)
    #expect(throws: SessionEnd.replaced) { try session.report() }
  }

  @Test(
    "a ping of another session ends the agent's, and the answer tells the client",
    arguments: [
      [], [1], [1, 2, 3, 4, 5, 6, 7, 8], [UInt8](repeating: 0, count: 65_536),
    ] as [[UInt8]])
  func otherClient(token: [UInt8]) throws {
    let pair = try AgentPair()
    let client = try RawPeer.client(of: pair)
    try client.send(.ping, token)
    #expect(try client.next() == Frame(.pong, payload: client.terms.token))
    #expect(client.seesEnd())
    #expect(try pair.session().sessions().count == 1)
  }
}

/// A work that has to be called again soon, three times.
private final class MovingDeadline: SessionWork {
  private var ticks = 0
  var isFinished: Bool { ticks == 3 }
  var deadline: Instant? { .now + .milliseconds(20) }
  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) {}
  func tick() { ticks += 1 }
}
