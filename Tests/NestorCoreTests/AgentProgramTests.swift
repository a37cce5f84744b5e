import Glibc
import NestorSupport
import NestorTestSupport
import Testing

@testable import NestorCore

@Suite("The agent's program")
struct AgentProgramTests {
  @Test("It is the one that NESTOR_AGENT names, and none where that is no program")
  func named() throws {
    let scratch = try ScratchState()
    let path = try scratch.write("agent", "#!/bin/sh\n")
    #expect(AgentProgram.find(named: path) == nil, "it may not be executed")
    #expect(AgentProgram.places(named: path) == "NESTOR_AGENT names \(path), which is no program")
    chmod(path, 0o755)
    #expect(AgentProgram.find(named: path) == path)
    #expect(AgentProgram.find(named: scratch.folder) == nil, "a folder is no program")
  }
}
