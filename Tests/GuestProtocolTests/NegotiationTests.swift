import Testing

@testable import GuestProtocol

@Suite("Agreeing on a session") struct NegotiationTests {
  private func key() throws -> GuestKey {
    try .random(for: try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d90")))
  }

  /// Runs both sides against each other; answers with the client's error or terms, and the agent's.
  private func meet(
    _ client: inout ClientHandshake, _ agent: inout AgentHandshake
  ) -> (client: Result<SessionTerms, ProtocolError>?, agent: Result<SessionTerms, ProtocolError>?) {
    var toAgent = client.opening
    var terms: Result<SessionTerms, ProtocolError>?
    for _ in 0..<4 {
      switch agent.receive(toAgent) {
      case .send(let bytes):
        do throws(ProtocolError) {
          guard let result = try client.receive(bytes) else { return (nil, nil) }
          terms = .success(result.terms)
          toAgent = result.answer
        } catch {
          return (.failure(error), nil)
        }
      case .accepted(let agreed, _): return (terms, .success(agreed))
      case .refused(let bytes, let error):
        do throws(ProtocolError) {
          _ = try client.receive(bytes)
          return (nil, .failure(error))
        } catch let seen {
          return (.failure(seen), .failure(error))
        }
      case nil: return (terms, nil)
      }
    }
    return (terms, nil)
  }

  private func code(_ result: Result<SessionTerms, ProtocolError>?) -> ProtocolError.Code? {
    if case .failure(let error)? = result { return error.code }
    return nil
  }

  @Test(
    "takes the newest version that both speak",
    arguments: [
      (1...1, 1...1, 1), (1...5, 1...3, 3), (1...3, 1...5, 3), (2...4, 4...9, 4), (4...9, 1...4, 4),
    ] as [(ClosedRange<UInt32>, ClosedRange<UInt32>, UInt32)])
  func versions(client: ClosedRange<UInt32>, agent: ClosedRange<UInt32>, expected: UInt32) throws {
    let key = try key()
    var clientSide = ClientHandshake(key: key, program: "c", versions: client)
    var agentSide = AgentHandshake(key: key, program: "a", versions: agent)
    let (left, right) = meet(&clientSide, &agentSide)
    #expect(try left?.get().version == expected)
    #expect(try right?.get().version == expected)
  }

  @Test(
    "names both ranges of versions where they do not meet",
    arguments: [
      (1...1, 2...3), (5...6, 2...3),
    ] as [(ClosedRange<UInt32>, ClosedRange<UInt32>)])
  func mismatch(client: ClosedRange<UInt32>, agent: ClosedRange<UInt32>) throws {
    let key = try key()
    var clientSide = ClientHandshake(key: key, program: "c", versions: client)
    var agentSide = AgentHandshake(key: key, program: "a", versions: agent)
    let (left, right) = meet(&clientSide, &agentSide)
    #expect(code(left) == .version)
    #expect(code(right) == .version)
    for side in [left, right] {
      guard case .failure(let error)? = side else { continue }
      for range in [client, agent] {
        #expect(error.message.contains("\(range.lowerBound) to \(range.upperBound)"), "\(error.message)")
      }
    }
  }

  @Test("fails on the client's side first where the keys differ, and then tells the agent nothing")
  func wrongKey() throws {
    var client = ClientHandshake(key: try key(), program: "c")
    var agent = AgentHandshake(key: try key(), program: "a")
    let (left, right) = meet(&client, &agent)
    #expect(code(left) == .authentication)
    #expect(right == nil)
  }

  @Test("fails where the same secret is another guest's")
  func otherGuest() throws {
    let one = try key()
    let other = try GuestKey(one.bytes, guest: try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d91")))
    var client = ClientHandshake(key: one, program: "c")
    var agent = AgentHandshake(key: other, program: "a")
    #expect(code(meet(&client, &agent).client) == .authentication)
  }

  @Test("fails on the agent's side where the client's proof is wrong, whatever is changed in it")
  func wrongProof() throws {
    let key = try key()
    for position in [0, 10, 11, 31] {
      var client = ClientHandshake(key: key, program: "c")
      var agent = AgentHandshake(key: key, program: "a")
      guard case .send(let bytes)? = agent.receive(client.opening), var answer = try client.receive(bytes)?.answer
      else {
        Issue.record("no answer")
        return
      }
      if position < 11 { answer.removeLast() } else { answer[position] ^= 1 }
      if position < 11 { answer[9] -= 1 }
      guard case .refused(_, let error)? = agent.receive(answer) else {
        Issue.record("it was not refused")
        return
      }
      #expect(error.code == .authentication)
      // The right one comes too late: a proof can be tried once.
      answer = try #require(try client.receive([] as [UInt8])?.answer ?? answer)
      #expect(agent.receive(answer) == nil)
    }
  }

  @Test("cannot be replayed: an old proof is worth nothing to an agent that has chosen another nonce")
  func replay() throws {
    let key = try key()
    var client = ClientHandshake(key: key, program: "c")
    var agent = AgentHandshake(key: key, program: "a")
    guard case .send(let bytes)? = agent.receive(client.opening), let answer = try client.receive(bytes)?.answer else {
      Issue.record("no answer")
      return
    }
    guard case .accepted? = agent.receive(answer) else {
      Issue.record("it was not accepted")
      return
    }
    var other = AgentHandshake(key: key, program: "a")
    guard case .send? = other.receive(client.opening) else {
      Issue.record("the hello was not answered")
      return
    }
    guard case .refused(_, let error)? = other.receive(answer) else {
      Issue.record("the old proof was not refused")
      return
    }
    #expect(error.code == .authentication)
    // The other way round: an agent's old answer does not answer a new client.
    var newClient = ClientHandshake(key: key, program: "c")
    #expect(try newClient.receive(bytes) == nil)
  }

  @Test("is refused where somebody between the two changes what they offer", arguments: [0, 1, 2])
  func tampering(step: Int) throws {
    let key = try key()
    var client = ClientHandshake(key: key, program: "client", versions: 1...9)
    var agent = AgentHandshake(key: key, program: "agent", versions: 1...9)
    var opening = client.opening
    if step == 0 {
      var hello = try ClientHello(decoding: Array(opening.dropFirst(11)))
      hello.newest = 1
      opening = HandshakePacket(.clientHello, hello.encoded).encoded
    }
    guard case .send(var bytes)? = agent.receive(opening) else {
      Issue.record("no answer")
      return
    }
    var scanner = PacketScanner(bytes)
    let packets = [scanner.next(), scanner.next()]
    let first = try #require(packets[0])
    let second = try #require(packets[1])
    var hello = try AgentHello(decoding: first.body)
    if step == 1 { hello.version = 1 }
    if step == 2 { hello.features = [] }
    bytes = HandshakePacket(.agentHello, hello.encoded).encoded + second.encoded
    #expect { try client.receive(bytes) } throws: { ($0 as? ProtocolError)?.code == .authentication }
  }

  @Test("keeps features that only one side has out of it, and those that nobody knows yet in")
  func features() throws {
    let key = try key()
    var agent = AgentHandshake(key: key, program: "old")
    var hello = ClientHello()
    hello.oldest = 1
    hello.newest = 7
    hello.features = Features(rawValue: .max)
    hello.nonce = [UInt8](repeating: 1, count: 32)
    hello.window = .max
    // Fields of a version to come.
    let body = hello.encoded + [0xc8, 0x0c, 0x01, 0xd2, 0x0c, 0x03, 1, 2, 3]
    let opening = HandshakePacket(.clientHello, body).encoded
    guard case .send(let bytes)? = agent.receive(opening) else {
      Issue.record("no answer")
      return
    }
    var scanner = PacketScanner(bytes)
    let packet = scanner.next()
    let answer = try #require(packet)
    let transcript = Transcript(key: key, clientHello: opening, agentHello: answer.encoded)
    guard case .accepted(let terms, _)? = agent.receive(HandshakePacket(.clientProof, transcript.clientProof).encoded)
    else {
      Issue.record("it was not accepted")
      return
    }
    #expect(terms.features == .all)
    #expect(terms.version == 1)
    #expect(terms.peerWindow == ProtocolLimits.maximumWindow)
  }

  @Test("is refused without a proper hello", arguments: [[], [0xff], [0x22, 0x01, 0x05], [0x08, 0x01]] as [[UInt8]])
  func badHello(body: [UInt8]) throws {
    var agent = AgentHandshake(key: try key(), program: "a")
    guard case .refused(_, let error)? = agent.receive(HandshakePacket(.clientHello, body).encoded) else {
      Issue.record("it was not refused")
      return
    }
    #expect(error.code == .malformed)
  }

  @Test("is refused by an agent that is busy, with a word for the client")
  func busy() throws {
    let key = try key()
    var client = ClientHandshake(key: key, program: "c")
    var agent = AgentHandshake(key: key, program: "a")
    guard case .refused(let bytes, _)? = agent.receive(client.opening, isBusy: true) else {
      Issue.record("it was not refused")
      return
    }
    #expect { try client.receive(bytes) } throws: { ($0 as? ProtocolError)?.code == .busy }
  }

  @Test("does not fail because of packets that were meant for others or are broken")
  func stale() throws {
    let key = try key()
    let earlier = ClientHandshake(key: key, program: "c")
    var agent = AgentHandshake(key: key, program: "a")
    var busy = AgentHandshake(key: key, program: "a")
    guard case .send(let old)? = agent.receive(earlier.opening),
      case .refused(let refusal, _)? = busy.receive(earlier.opening, isBusy: true)
    else {
      Issue.record("no answer")
      return
    }
    var client = ClientHandshake(key: key, program: "c")
    let broken = [HandshakePacket.Kind.agentHello, .refusal, .agentProof].flatMap {
      HandshakePacket($0, [0xff]).encoded
    }
    #expect(try client.receive(old + refusal + broken + [0, 0, 0]) == nil)
    guard case .send(let answer)? = agent.receive(client.opening) else {
      Issue.record("no answer")
      return
    }
    #expect(try client.receive(answer) != nil)
  }

  @Test("begins anew with another hello, and only the answer to that one counts")
  func renewal() throws {
    let key = try key()
    var client = ClientHandshake(key: key, program: "c")
    var agent = AgentHandshake(key: key, program: "a")
    guard case .send(let first)? = agent.receive(client.opening) else {
      Issue.record("no answer")
      return
    }
    let before = client.opening
    #expect(client.renew() != before)
    #expect(try client.receive(first) == nil)
    let (left, right) = meet(&client, &agent)
    #expect(try left?.get().token == right?.get().token)
    #expect(left != nil)
  }
}
