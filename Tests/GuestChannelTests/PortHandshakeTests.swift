import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Synchronization
import Testing

@testable import GuestAgent

@Suite("Sessions on a port that holds what others left") struct PortHandshakeTests {
  @Test("begin though the agent listens only after the client has called twice")
  func lateAgent() throws {
    let pair = try AgentPair()
    let (mine, theirs) = try ByteStream.pair()
    let outcome = Mutex<Result<UInt32, any Error>?>(nil)
    let done = try Interruption()
    BlockingWork.start {
      let result = Result { try GuestSession(mine, key: pair.key, isPort: true).terms.version }
      outcome.withLock { $0 = result }
      done.raise()
    }
    // All that the client sends until it has called twice, before the agent sees the first byte.
    var waiting: [UInt8] = []
    var scanner = PacketScanner()
    var calls = 0
    let end = Instant.now + .seconds(200)
    while calls < 2, Instant.now < end {
      var piece = [UInt8](repeating: 0, count: 65_536)
      _ = Waiting.wait(for: theirs.descriptor, timeout: .seconds(200))
      let count = read(theirs.descriptor, &piece, piece.count)
      guard count > 0 else { continue }
      waiting += piece[..<count]
      scanner.append(piece[..<count])
      while scanner.next() != nil { calls += 1 }
    }
    #expect(calls == 2)
    let session = AgentSession(agent: pair.agent, stream: theirs, transport: "port", interruption: nil)
    BlockingWork.start { [waiting] in _ = session.runOnPort(rest: waiting) }
    #expect(Waiting.wait(for: done.descriptor, timeout: .seconds(200)))
    #expect(throws: Never.self) { try outcome.withLock { $0 }?.get() }
  }

  /// A port with its agent: what the agent has left over goes to its next client, as the agent's program does it.
  private func port(_ pair: AgentPair) throws -> (ByteStream, BackgroundTask<Int>) {
    let (mine, theirs) = try ByteStream.pair()
    let session = AgentSession(agent: pair.agent, stream: theirs, transport: "port", interruption: nil)
    let task = try BackgroundTask.start { () -> Int in
      var rest: [UInt8] = []
      var clients = 0
      while clients < 8 {
        rest = session.runOnPort(rest: rest)
        clients += 1
      }
      return clients
    }
    return (mine, task)
  }

  /// Another client of a port, over the same bytes as the one before.
  private func session(_ stream: ByteStream, _ pair: AgentPair) throws -> GuestSession {
    try GuestSession(stream, key: pair.key, isPort: true)
  }

  @Test(
    "begin behind one that has gone in the middle of a frame, at its end, and in the middle of its head",
    arguments: [
      [], [0x00], [0x00, 0x00, 0x01, 0x00, 0x04], [0x00, 0x00, 0x01, 0x00, 0x04, 0x00, 0x00, 0x00, 7, 7, 7],
      [0x05, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 1, 2, 3], HandshakePacket.magic, [0xff, 0xff, 0xff],
    ] as [[UInt8]])
  func staleBytes(bytes: [UInt8]) throws {
    let pair = try AgentPair()
    let (stream, task) = try port(pair)
    // The first client has begun to send a program's input when it goes.
    let (connection, terms) = try FrameConnection.connect(
      stream, key: pair.key, program: "first", mayHoldOldBytes: true, timeout: .seconds(200))
    let first = RawPeer(connection, terms)
    var request = ExecRequest.program(["/bin/cat"])
    request.hasInput = true
    try first.request(.exec, request)
    #expect(try first.next()?.type == .reply)
    try first.flush(bytes)
    let second = try session(stream, pair)
    #expect(try second.report().agent == agentProgram)
    #expect(try session(stream, pair).sessions().count == 1)
    stream.shutDown()
    #expect(task.wait(timeout: .seconds(200)))
  }

  @Test("begin though much that the agent had sent to another client still comes")
  func staleAnswers() throws {
    let pair = try AgentPair()
    let (stream, task) = try port(pair)
    let (connection, terms) = try FrameConnection.connect(
      stream, key: pair.key, program: "first", mayHoldOldBytes: true, timeout: .seconds(200))
    let first = RawPeer(connection, terms)
    // Its output begins like packets do, again and again.
    try first.request(
      .exec, ExecRequest.shell("while :; do printf '\\211NSTR\\r\\n\\032\\002\\004\\004%s'; done"))
    #expect(try first.next()?.type == .reply)
    #expect(try first.next()?.type == .data)
    let second = try session(stream, pair)
    #expect(try second.report().agent == agentProgram)
    stream.shutDown()
    #expect(task.wait(timeout: .seconds(200)))
  }
}
