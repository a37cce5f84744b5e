import Glibc
import GuestClient
import GuestTransport
import Testing

@testable import GuestAgent
@testable import GuestProtocol

@Suite("What clients can do to an agent", .timeLimit(.minutes(20))) struct HostileClientTests {
  /// Checks that the agent goes on as if nothing had happened.
  private func expectHealthy(_ pair: AgentPair) throws {
    #expect(try !pair.session().stat(Array("/no/such/path".utf8)).exists)
  }

  @Test("asking for what it does not know ends nothing", arguments: [0, 13, 4_000_000_000] as [UInt32])
  func unknownOperation(number: UInt32) throws {
    let pair = try AgentPair()
    let client = try RawPeer.client(of: pair)
    var writer = MessageWriter()
    writer.put(1, number)
    writer.putElement(2, [1, 2, 3])
    writer.put(77, 5 as UInt32)
    try client.send(.request, writer.bytes)
    let failure = try client.next()?.message(Failure.self).error
    #expect(failure?.code == .unsupported)
    #expect(failure?.message.contains("\(number)") == true)
    try client.request(.report)
    #expect(try client.next()?.type == .done)
  }

  @Test("requests that mean nothing fail, and the session goes on", arguments: Operation.allCases)
  func brokenRequests(operation: Operation) throws {
    let pair = try AgentPair(system: try FakeGuest().system)
    let client = try RawPeer.client(of: pair)
    try client.send(.request, [0xff])
    #expect(try client.next()?.message(Failure.self).error.code == .malformed)
    // These have no message of their own that could be broken.
    guard ![.none, .report, .sessions, .forward].contains(operation) else { return }
    try client.send(.request, Request(operation, [0x0a, 0xff]).encoded)
    #expect(try client.next()?.message(Failure.self).error.code == .malformed)
    try client.request(.report)
    #expect(try client.next()?.type == .done)
  }

  @Test(
    "frames that only agents send are told of and end the session",
    arguments: [
      FrameType.reply, .failure, .exit, .opened, .done, .state,
    ])
  func wrongDirection(type: FrameType) throws {
    let pair = try AgentPair()
    let client = try RawPeer.client(of: pair)
    try client.send(type)
    #expect(try client.next()?.message(Failure.self).error.code == .unexpected)
    #expect(client.seesEnd())
    try expectHealthy(pair)
  }

  @Test(
    "bytes that are no frame end the session and nothing else",
    arguments: [
      [UInt8](repeating: 0, count: 8), [1, 0, 1, 0, 4, 0, 0, 0], [0, 0, 0, 0, 99, 0, 0, 0], [0, 0, 0, 0, 1, 1, 0, 0],
      [0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0],
    ] as [[UInt8]])
  func noFrames(bytes: [UInt8]) throws {
    let pair = try AgentPair()
    let client = try RawPeer.client(of: pair)
    try client.flush(bytes)
    #expect(client.seesEnd())
    try expectHealthy(pair)
  }

  @Test("more bytes than were granted are an overrun")
  func overrun() throws {
    let pair = try AgentPair()
    let client = try RawPeer.client(of: pair)
    var request = ExecRequest.program(["/bin/sleep", "60"])
    request.hasInput = true
    try client.request(.exec, request)
    #expect(try client.next()?.type == .reply)
    let piece = [UInt8](repeating: 7, count: ProtocolLimits.maximumPayload)
    for _ in 0...(Int(ProtocolLimits.agentWindow) / piece.count + 2) { client.connection.send(.data, piece) }
    try? client.flush()
    var codes: [ProtocolError.Code] = []
    while let frame = try? client.next() {
      if frame.type == .failure { codes.append(try frame.message(Failure.self).error.code) }
    }
    #expect(codes == [.overrun])
    try expectHealthy(pair)
  }

  @Test("credit beyond every limit is an overrun too")
  func credit() throws {
    let pair = try AgentPair()
    let client = try RawPeer.client(of: pair)
    try client.request(.exec, ExecRequest.program(["/bin/sleep", "60"]))
    #expect(try client.next()?.type == .reply)
    for _ in 0..<2 { try? client.send(.credit, stream: 1, [0xff, 0xff, 0xff, 0xff]) }
    #expect(try client.next()?.message(Failure.self).error.code == .overrun)
    #expect(client.seesEnd())
    try expectHealthy(pair)
  }

  @Test("asking without end and never reading fills the kernel's buffers, not the agent's memory")
  func neverReads() throws {
    let pair = try AgentPair()
    let client = try RawPeer.client(of: pair)
    var ping = [UInt8](repeating: 0, count: FrameHeader.size)
    ping.withUnsafeMutableBytes { FrameHeader(.ping, length: 8).encode(into: $0) }
    let pings = [[UInt8]](repeating: ping + client.terms.token, count: 4_096).flatMap { $0 }
    var sent = 0
    var quiet = 0
    // Until the agent has taken nothing for a while.
    while quiet < 20, sent < 64 << 20 {
      let rest = sent % pings.count
      let outcome = try pings.withUnsafeBytes { bytes in
        try client.connection.stream.write(UnsafeRawBufferPointer(rebasing: bytes[rest...]))
      }
      switch outcome {
      case .moved(let count):
        sent += count
        quiet = 0
      case .wouldBlock:
        quiet += 1
        usleep(10_000)
      case .ended:
        Issue.record("the agent ended the session")
        return
      }
    }
    #expect(sent < 8 << 20, "the agent took \(sent) bytes")
    // Once the client reads again every ping is answered.
    let torn = sent % pings.count % 16
    var rest = torn == 0 ? [] : Array(pings[torn..<16])
    let expected = (sent + rest.count) / 16
    var pongs = 0
    let end = Instant.now + .seconds(200)
    while pongs < expected, Instant.now < end {
      if !rest.isEmpty, case .moved(let count) = try rest.withUnsafeBytes({ try client.connection.stream.write($0) }) {
        rest.removeFirst(count)
      }
      try client.connection.receive()
      while let frame = try client.connection.nextFrame() {
        #expect(frame.type == .pong)
        pongs += 1
      }
    }
    #expect(pongs == expected)
    try client.request(.report)
    #expect(try client.next()?.type == .done)
  }

  @Test("an unauthenticated client is sent away in time, whatever it sends")
  func unauthenticated() throws {
    let pair = try AgentPair()
    let other = try AgentPair()
    #expect {
      _ = try GuestSession(try pair.stream(), key: other.key)
    } throws: { ($0 as? ProtocolError)?.code == .authentication }
    // A client that does not check the agent's proof learns nothing by that.
    let stream = try pair.stream()
    var handshake = ClientHandshake(key: other.key, program: "x")
    try stream.writeAll(handshake.opening, until: Instant.now + .seconds(200))
    try stream.writeAll(
      HandshakePacket(.clientProof, [UInt8](repeating: 1, count: 32)).encoded, until: Instant.now + .seconds(200))
    var bytes: [UInt8] = []
    let end = Instant.now + .seconds(200)
    while Instant.now < end {
      var piece = [UInt8](repeating: 0, count: 4_096)
      _ = Waiting.wait(for: stream.descriptor, timeout: .seconds(200))
      let count = read(stream.descriptor, &piece, piece.count)
      guard count > 0 else { break }
      bytes += piece[..<count]
    }
    var scanner = PacketScanner(bytes)
    var kinds: [HandshakePacket.Kind] = []
    while let packet = scanner.next() { kinds.append(packet.kind) }
    #expect(kinds == [.agentHello, .agentProof, .refusal])
    #expect(throws: ProtocolError.self) { try handshake.receive(bytes) }
    try expectHealthy(pair)
  }

  @Test("one more session than there may be is refused with a word")
  func full() throws {
    let pair = try AgentPair(maximumSessions: 1)
    let first = try pair.session()
    #expect(try first.sessions().count == 1)
    #expect { _ = try pair.session() } throws: { ($0 as? ProtocolError)?.code == .busy }
    #expect(try first.sessions().count == 1)
  }
}
