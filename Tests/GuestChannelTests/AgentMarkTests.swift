import Glibc
import Testing

@testable import GuestAgent

@Suite("The mark of an agent's programs")
struct AgentMarkTests {
  @Test("An agent that runs is told from one that was killed, also when its number is another process's by now")
  func marks() throws {
    let own = AgentMark.own.entry
    #expect(own.starts(with: "NESTOR_EXEC=\(getpid()):".utf8))
    #expect(try #require(AgentMark(own)).isStale == false)
    #expect(try #require(AgentMark(own + [0x31])).isStale, "another start")
    #expect(try #require(AgentMark(Array("NESTOR_EXEC=2147483647:1".utf8))).isStale)
    #expect(AgentMark(Array("NESTOR_EXEC=1".utf8)) == nil)
    #expect(AgentMark(Array("NESTOR_EXEC=-1:5".utf8)) == nil)
    #expect(AgentMark(Array("HOME=1:5".utf8)) == nil)
  }
}
