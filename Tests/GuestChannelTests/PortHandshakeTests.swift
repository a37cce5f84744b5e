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
    let end = Clock.now() + 10_000
    while calls < 2, Clock.now() < end {
      var piece = [UInt8](repeating: 0, count: 65_536)
      _ = Waiting.wait(for: theirs.descriptor, milliseconds: 1_000)
      let count = read(theirs.descriptor, &piece, piece.count)
      guard count > 0 else { continue }
      waiting += piece[..<count]
      scanner.append(piece[..<count])
      while scanner.next() != nil { calls += 1 }
    }
    #expect(calls == 2)
    let session = AgentSession(agent: pair.agent, stream: theirs, transport: "port", interruption: nil)
    BlockingWork.start { [waiting] in _ = session.runOnPort(rest: waiting) }
    #expect(Waiting.wait(for: done.descriptor, milliseconds: 10_000))
    #expect(throws: Never.self) { try outcome.withLock { $0 }?.get() }
  }
}
