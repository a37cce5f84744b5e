import Testing

@testable import GuestProtocol

@Suite struct HandshakeTests {
  let guest = GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90")

  @Test("a client and an agent with the same key agree on version, features, windows and token")
  func agree() throws {
    let key = try GuestKey.random(for: try #require(guest))
    var client = ClientHandshake(key: key, program: "client")
    var agent = AgentHandshake(key: key, program: "agent")
    guard case .send(let hello)? = agent.receive(client.opening) else {
      Issue.record("the agent did not answer")
      return
    }
    let result = try #require(try client.receive(hello))
    guard case .accepted(let terms, let rest)? = agent.receive(result.answer + [1, 2, 3]) else {
      Issue.record("the agent did not accept")
      return
    }
    #expect(terms.token == result.terms.token)
    #expect(terms.version == result.terms.version)
    #expect(terms.features == .all)
    #expect(terms.peerProgram == "client")
    #expect(result.terms.peerProgram == "agent")
    #expect(terms.peerWindow == ProtocolLimits.clientWindow)
    #expect(result.terms.peerWindow == ProtocolLimits.agentWindow)
    #expect(rest == [1, 2, 3])
  }

  @Test("a client finds out that an agent has another key, before it sent anything but its hello")
  func wrongAgentKey() throws {
    let guest = try #require(guest)
    var client = ClientHandshake(key: try .random(for: guest), program: "client")
    var agent = AgentHandshake(key: try .random(for: guest), program: "agent")
    guard case .send(let hello)? = agent.receive(client.opening) else {
      Issue.record("the agent did not answer")
      return
    }
    #expect { try client.receive(hello) } throws: { ($0 as? ProtocolError)?.code == .authentication }
  }

  @Test("a client that says hello twice before it is answered is accepted")
  func twice() throws {
    let key = try GuestKey.random(for: try #require(guest))
    var client = ClientHandshake(key: key, program: "client")
    var agent = AgentHandshake(key: key, program: "agent")
    guard case .send(let hello)? = agent.receive(client.opening + [0, 0] + client.opening) else {
      Issue.record("the agent did not answer")
      return
    }
    #expect(agent.receive([]) == nil, "one answer is enough: another would be taken for a frame")
    let result = try #require(try client.receive(hello))
    guard case .accepted? = agent.receive(result.answer) else {
      Issue.record("the agent did not accept")
      return
    }
  }
}
