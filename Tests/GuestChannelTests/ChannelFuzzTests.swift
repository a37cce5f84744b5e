import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import Synchronization
import TestSupport
import Testing

@testable import GuestAgent

/// Sessions of peers that know the key and nothing else. `NESTOR_FUZZ_SECONDS` bounds the time (2 by default),
/// `NESTOR_TEST_SEED` repeats a run.
@Suite("Peers that send anything", .timeLimit(.minutes(60))) struct ChannelFuzzTests {
  private static var seconds: Int {
    getenv("NESTOR_FUZZ_SECONDS").flatMap { Int(String(cString: $0)) }.map { max(0, min($0, 86_400)) } ?? 2
  }

  private static func bytes(_ limit: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 0...limit, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }
  }

  /// A payload that a frame of this type could have, or could not.
  private static func payload(_ type: FrameType, _ generator: inout SeededGenerator) -> [UInt8] {
    if Int.random(in: 0...4, using: &generator) == 0 { return bytes(40, &generator) }
    switch type {
    case .data:
      return [UInt8](
        repeating: 7, count: Bool.random(using: &generator) ? 65_536 : Int.random(in: 0...9, using: &generator))
    case .credit, .signal:
      let number = ([0, 1, 9, 64, 1_000, .max] as [UInt32]).randomElement(using: &generator) ?? 0
      return withUnsafeBytes(of: number.littleEndian) { Array($0) }
    case .hole: return withUnsafeBytes(of: UInt64.random(in: 0...UInt64.max, using: &generator)) { Array($0) }
    case .failure, .reset: return Failure(ProtocolError(.notFound, "gone", number: 2)).encoded
    case .exit: return ExecEnd().encoded
    case .state: return SystemState().encoded
    case .resize: return TerminalSize(rows: .random(in: 0...UInt32.max, using: &generator), columns: 80).encoded
    case .open:
      var target = ForwardTarget()
      target.path = Array("/nonexistent".utf8)
      return target.encoded
    case .entry:
      var entry = FileEntry()
      entry.kind = [.file, .folder, .folderEnd].randomElement(using: &generator) ?? .file
      entry.path = Array("x".utf8)
      entry.size = .random(in: 0...UInt64.max, using: &generator)
      return entry.encoded
    default: return []
    }
  }

  /// Frames of every type in any order, now and then bytes that are none.
  private static func script(_ generator: inout SeededGenerator) -> [UInt8] {
    var script: [UInt8] = []
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      guard let type = FrameType.allCases.randomElement(using: &generator), type != .request else { continue }
      let payload = payload(type, &generator)
      var head = [UInt8](repeating: 0, count: FrameHeader.size)
      let stream = UInt16.random(in: 0...3, using: &generator)
      head.withUnsafeMutableBytes { FrameHeader(type, stream: stream, length: payload.count).encode(into: $0) }
      script += head + payload
      if Int.random(in: 0...20, using: &generator) == 0 { script += bytes(20, &generator) }
    }
    return script
  }

  /// A request that does no harm to this machine: its own folder, its own kernel.
  private static func request(_ folder: String, _ generator: inout SeededGenerator) -> Request {
    let operation = Operation.allCases.randomElement(using: &generator) ?? .none
    switch operation {
    case .exec:
      var request = ExecRequest.program(["/bin/cat"])
      request.hasInput = true
      if Bool.random(using: &generator) { request.terminal = TerminalSize(rows: 24, columns: 80) }
      return Request(.exec, request.encoded)
    case .put:
      var request = PutRequest()
      request.path = Array(folder.utf8)
      return Request(.put, request.encoded)
    case .get:
      var request = GetRequest()
      request.path = Array(folder.utf8)
      request.isRecursive = true
      return Request(.get, request.encoded)
    case .freeze:
      var request = FreezeRequest()
      request.timeLimit = .random(in: 0...20, using: &generator)
      return Request(.freeze, request.encoded)
    case .identity:
      var request = IdentityRequest()
      request.hostname = "x"
      request.interfaces = [InterfaceIdentity()]
      return Request(.identity, Bool.random(using: &generator) ? bytes(30, &generator) : request.encoded)
    default: return Request(operation, bytes(30, &generator))
    }
  }

  @Test("never bring an agent down: an honest client after each finds it well")
  func clients() throws {
    let guest = try FakeGuest()
    try guest.write("/proc/self/mountinfo", "28 1 254:1 / / rw - ext4 /dev/vda1 rw\n")
    try guest.write("/proc/filesystems", "\text4\n")
    guest.folder("/work")
    let pair = try AgentPair(system: guest.system)
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "client fuzz"))
    let end = Instant.now + .seconds(Self.seconds)
    var sessions = 0
    repeat {
      let client = try RawPeer.client(of: pair)
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        client.connection.send(.request, Self.request(guest.root + "/work", &generator))
        // What cannot be sent any more is no loss: the agent has ended the session.
        try? client.flush(Self.script(&generator))
        _ = try? client.next(timeout: .milliseconds(Int.random(in: 0...5, using: &generator)))
      }
      client.connection.stream.shutDown()
      sessions += 1
      if sessions.isMultiple(of: 20) { #expect(try pair.session().report().agent == agentProgram) }
    } while Instant.now < end
    #expect(try pair.session().report().agent == agentProgram)
    // Nothing stays behind: no session, no program, nothing frozen.
    #expect(eventually { !pair.agent.isBusy && pair.agent.sessions.list(for: 0).isEmpty })
    #expect(pair.agent.sessions.list(for: 0).isEmpty)
    #expect(!pair.agent.isBusy)
    #expect(guest.kernel.frozen.isEmpty)
    print("client fuzz: \(sessions) sessions")
  }

  /// What a client tries with an agent that it cannot trust.
  private func attempt(_ session: GuestSession, _ choice: Int, _ folder: String) throws {
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nothing) }
    switch choice {
    case 0: _ = try session.report()
    case 1: _ = try session.sessions()
    case 2: _ = try session.stat([1])
    case 3: try session.watch { _ in true }
    case 4: _ = try session.freeze { _ in }
    case 5: _ = try session.resetIdentity(IdentityRequest())
    case 6: _ = try session.collect("x", input: .bytes([UInt8](repeating: 1, count: 2_000_000)))
    case 7: _ = try session.get([1], into: nothing)
    case 8: _ = try session.put(stdin: nothing, to: [1])
    case 9: _ = try session.get([1], to: folder)
    case 10: _ = try session.setClock(0)
    default: try session.power(PowerRequest())
    }
  }

  @Test("never bring a client down: it ends in time, with an error of its own or an answer")
  func agents() throws {
    let guest = try FakeGuest()
    guest.folder("/work")
    let pair = try AgentPair()
    var generator = SeededGenerator(seed: SeededGenerator.seed(for: "agent fuzz"))
    let end = Instant.now + .seconds(Self.seconds)
    var (sessions, answers) = (0, 0)
    repeat {
      let script = Self.script(&generator)
      let isSilent = Int.random(in: 0...3, using: &generator) == 0
      let stream = try RawPeer.agent(pair.key) { agent in
        _ = try agent.next()
        try? agent.flush(script)
        if isSilent { _ = agent.seesEnd(timeout: .seconds(3)) }
      }
      let session = try GuestSession(
        stream, key: pair.key,
        keepAlive: SessionKeepAlive(pingAfter: .milliseconds(20), silenceLimit: .milliseconds(100)))
      let began = Instant.now
      do {
        try attempt(session, Int.random(in: 0...11, using: &generator), guest.root + "/work")
        answers += 1
      } catch {
        let isTyped =
          error is ProtocolError || error is OperationFailure || error is SessionEnd || error is TransportError
        #expect(isTyped, "\(error)")
      }
      #expect(Instant.now - began < .seconds(20))
      sessions += 1
    } while Instant.now < end
    print("agent fuzz: \(sessions) sessions, \(answers) of them with an answer")
    // How many there are in the time depends on what else the machine does.
    #expect(sessions > 0)
  }
}
