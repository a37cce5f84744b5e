import GuestAgent
import GuestProtocol
import Testing

@Suite struct AgentOptionsTests {
  @Test("nothing has to be said")
  func defaults() throws {
    let options = AgentOptions()
    #expect(try AgentOptions.parse([]) == .serve(options))
    #expect(options.vsockPort == 1024 && options.peer == 2 && options.usesVsock && options.usesPorts)
    #expect(options.keyFile == "/etc/nestor/agent.key")
  }

  @Test("each option is taken")
  func all() throws {
    var options = AgentOptions()
    (options.keyFile, options.vsockPort, options.peer, options.maximumSessions) = ("/k", 7, 1, 3)
    options.usesPorts = false
    let words = ["--key", "/k", "--vsock-port", "7", "--peer-cid", "1", "--max-sessions", "3", "--no-ports"]
    #expect(try AgentOptions.parse(words) == .serve(options))
    #expect(try AgentOptions.parse(["--no-vsock", "--help"]) == .help)
    #expect(try AgentOptions.parse(["--version"]) == .version)
  }

  @Test(
    "a mistake is named",
    arguments: [
      ["--nosuch"], ["key"], ["--key"], ["--key", ""], ["--vsock-port", "0"], ["--vsock-port", "4294967295"],
      ["--peer-cid", "-1"], ["--max-sessions", "0"], ["--max-sessions", "x"], ["--no-vsock", "--no-ports"],
    ])
  func mistakes(_ words: [String]) {
    let error = #expect(throws: ProtocolError.self) { try AgentOptions.parse(words) }
    #expect(error?.code == .invalid && error?.message.isEmpty == false)
  }
}
