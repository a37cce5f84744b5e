import Glibc
import GuestClient
import Testing

@testable import GuestAgent
@testable import GuestProtocol
@testable import GuestTransport

@Suite("What agents can do to a client", .timeLimit(.minutes(20))) struct HostileAgentTests {
  @Test("an older one without a feature is told of in words, before anything is asked of it")
  func olderAgent() throws {
    let pair = try AgentPair()
    let (mine, theirs) = try ByteStream.pair()
    let task = try BackgroundTask.start { [key = pair.key] () -> Bool in
      // The hello of an agent that has no features at all, and fields that this version does not know.
      var scanner = PacketScanner()
      let end = Instant.now + .seconds(200)
      var hello: HandshakePacket?
      while hello == nil, Instant.now < end {
        guard let bytes = try? theirs.readSome(until: end, interruption: nil) else { return false }
        scanner.append(bytes)
        hello = scanner.next()
      }
      guard let hello, let request = try? ClientHello(decoding: hello.body) else { return false }
      var answer = AgentHello()
      answer.version = 1
      answer.clientNonce = request.nonce
      answer.nonce = [UInt8](repeating: 9, count: 32)
      answer.program = "nestor-agent 0.0"
      let packet = HandshakePacket(.agentHello, answer.encoded + [0xc8, 0x0c, 0x01]).encoded
      let transcript = Transcript(key: key, clientHello: hello.encoded, agentHello: packet)
      let proof = HandshakePacket(.agentProof, transcript.agentProof).encoded
      guard (try? theirs.writeAll(packet + proof, until: end)) != nil else { return false }
      while let bytes = try? theirs.readSome(until: end, interruption: nil) {
        scanner.append(bytes)
        if scanner.next()?.body == transcript.clientProof { return scanner.rest.isEmpty }
      }
      return false
    }
    let session = try GuestSession(mine, key: pair.key)
    for attempt in [
      { _ = try session.freeze { _ in } }, { _ = try session.setClock(0) }, { try session.power(PowerRequest()) },
      { _ = try session.resetIdentity(IdentityRequest()) }, { try session.watch { _ in false } },
    ] as [() throws -> Void] {
      #expect { try attempt() } throws: { error in
        let failure = (error as? OperationFailure)?.error
        return failure?.code == .unsupported && failure?.message.contains("nestor-agent 0.0") == true
      }
    }
    #expect(task.wait(timeout: .seconds(200)))
    #expect(task.value == true)
  }

  @Test(
    "an answer of the wrong kind, or one that is broken, is an error of the protocol",
    arguments: [
      Frame(.state), Frame(.exit), Frame(.opened), Frame(.data, payload: [1]), Frame(.done, payload: [0xff]),
      Frame(.failure, payload: [0x08]), Frame(.request), Frame(.cancel),
    ])
  func wrongAnswers(frame: Frame) throws {
    let pair = try AgentPair()
    let stream = try RawPeer.agent(pair.key) { agent in
      _ = try agent.next()
      try agent.send(frame.type, stream: frame.stream, frame.payload)
      _ = agent.seesEnd(timeout: .seconds(200))
    }
    let session = try GuestSession(stream, key: pair.key)
    #expect(throws: ProtocolError.self) { try session.report() }
  }

  @Test("more output than was granted is an overrun")
  func overrun() throws {
    let pair = try AgentPair()
    let stream = try RawPeer.agent(pair.key) { agent in
      _ = try agent.next()
      try agent.send(.reply, ExecStarted().encoded)
      let piece = [UInt8](repeating: 7, count: ProtocolLimits.maximumPayload)
      // Nobody reads the pipe behind the client, so that it can take no more than its window.
      for _ in 0...(Int(ProtocolLimits.clientWindow) / piece.count + 4) { try agent.send(.data, stream: 1, piece) }
      _ = agent.seesEnd(timeout: .seconds(200))
    }
    let session = try GuestSession(stream, key: pair.key)
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let streams = ExecStreams(input: .none, output: .descriptor(ends[1]), errors: .discard)
    #expect { try session.exec(.program(["x"]), streams) } throws: { ($0 as? ProtocolError)?.code == .overrun }
  }

  @Test("a watch that ends by itself, and a thaw that nobody asked for, are errors")
  func early() throws {
    let pair = try AgentPair()
    let stream = try RawPeer.agent(pair.key) { agent in
      _ = try agent.next()
      try agent.send(.reply)
      try agent.send(.done)
      _ = try agent.next()
      try agent.send(.reply, FreezeReply().encoded)
      try agent.send(.done)
      _ = agent.seesEnd(timeout: .seconds(200))
    }
    let session = try GuestSession(stream, key: pair.key)
    #expect { try session.watch { _ in true } } throws: { ($0 as? ProtocolError)?.code == .unexpected }
    #expect { try session.freeze { _ in usleep(50_000) } } throws: { ($0 as? ProtocolError)?.code == .unexpected }
  }

  @Test(
    "what is not an agent at all is given up in time",
    arguments: [
      [], Array("HTTP/1.0 400 Bad Request\r\n\r\n".utf8), HandshakePacket.magic, [UInt8](repeating: 0, count: 300_000),
    ] as [[UInt8]])
  func noAgent(bytes: [UInt8]) throws {
    let pair = try AgentPair()
    let (mine, theirs) = try ByteStream.pair()
    let writer = try BackgroundTask.start { try? theirs.writeAll(bytes, until: Instant.now + .seconds(200)) }
    let began = Instant.now
    #expect(throws: SessionEnd.silent(.milliseconds(150))) {
      _ = try GuestSession(mine, key: pair.key, timeout: .milliseconds(150))
    }
    #expect(Instant.now - began < .seconds(20))
    #expect(writer.wait(timeout: .seconds(200)))
    theirs.shutDown()
    #expect(throws: SessionEnd.peerGone) { _ = try GuestSession(mine, key: pair.key, timeout: .seconds(200)) }
  }
}
