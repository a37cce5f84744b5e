import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import Testing

@Suite struct SessionTests {
  @Test("a client asks several questions over one session")
  func questions() throws {
    let pair = try AgentPair()
    let session = try pair.session()
    #expect(try session.stat(Array("/proc/self/status".utf8)).exists)
    #expect(try !session.stat(Array("/no/such/path".utf8)).exists)
    let sessions = try session.sessions()
    #expect(sessions.count == 1)
    #expect(sessions.first?.isOwn == true)
    #expect(sessions.first?.operation == .sessions)
  }
}
