import GuestAgent
import Synchronization
import Testing

@Suite("The agent's log")
struct AgentLogTests {
  @Test("What unauthenticated clients cause is written for a while, then left out; the agent's own lines are not")
  func limit() {
    let lines = Mutex<[String]>([])
    withExtendedLifetime(lines) {
      let log = AgentLog { line in lines.withLock { $0.append(line) } }
      for number in 0..<1_000 { log.logUnauthenticated("client \(number)") }
      #expect(lines.withLock { $0.count } == 20)
      log.note("own\nline")
      #expect(lines.withLock { $0.last } == "own?line")
    }
  }
}
