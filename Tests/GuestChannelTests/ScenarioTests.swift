import ChannelScenarios
import Testing

@Suite(.timeLimit(.minutes(20))) struct ScenarioTests {
  @Test("what holds over every transport holds over socket pairs", arguments: Scenario.all)
  func scenario(_ scenario: Scenario) throws {
    let pair = try AgentPair()
    try scenario.run(SocketChannel(key: pair.key, isAlone: false) { try pair.stream() })
  }
}
