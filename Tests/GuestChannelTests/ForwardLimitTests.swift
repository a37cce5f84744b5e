import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

/// What a client of an agent's may try with streams.
@Suite struct ForwardLimitTests {
  let pair: AgentPair

  init() throws {
    pair = try AgentPair()
  }

  private func run(_ work: (FrameConnection) -> StreamWork) throws -> StreamWork {
    let client = try RawPeer.client(of: pair, timeout: .seconds(200))
    let work = work(client.connection)
    try SessionLoop(client.connection, terms: client.terms).run(work)
    return work
  }

  @Test("streams beyond the limit are refused, those within it stay, and the session goes on")
  func tooMany() throws {
    let limit = ProtocolLimits.maximumStreams
    // Nobody accepts these, so that each stays as it is; the queue of a unix socket would fill up sooner.
    let server = try PythonServer(
      """
      import resource, socket, time
      resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
      listener = socket.create_server(('127.0.0.1', 0), backlog=2000)
      print(listener.getsockname()[1], flush=True)
      connections = []
      while True: connections.append(listener.accept()[0])
      """)
    raiseDescriptorLimit()
    let work = try run { connection in
      StreamWork(connection) { work in
        for number in 1...UInt16(limit + 10) {
          connection.send(.open, stream: number, ForwardTarget.tcp("127.0.0.1", server.port))
        }
        work.isEnough = { $0.frames.count { [.opened, .reset].contains($0.type) } == limit + 10 }
      }
    }
    let refused = try work.frames.filter { $0.type == .reset }.map { try $0.message(Failure.self).error.code }
    #expect(refused == Array(repeating: .busy, count: 10))
    #expect(work.frames.count { $0.type == .opened } == limit)
    #expect(work.frames.last?.type == .done)
  }

  @Test("a client that sends more than it has credit for is sent away")
  func overrun() throws {
    let server = try PythonServer(
      """
      import socket, time
      listener = socket.create_server(('127.0.0.1', 0))
      print(listener.getsockname()[1], flush=True)
      connection = listener.accept()[0]
      time.sleep(1000)
      """)
    let failure = #expect(throws: OperationFailure.self) {
      _ = try run { connection in
        StreamWork(connection) {
          connection.send(.open, stream: 7, ForwardTarget.tcp("127.0.0.1", server.port))
          // More than the sockets' own buffers take.
          $0.pieces = 400
        }
      }
    }
    #expect(failure?.error.code == .overrun)
  }

  @Test(
    "frames that make no sense end the session or are passed over, and never the agent",
    arguments: [
      ("open", ProtocolError.Code.unexpected), ("zero", .unexpected), ("twice", .unexpected), ("behind", .unexpected),
      ("credit", .overrun), ("unknown", nil),
    ])
  func nonsense(_ name: String, _ code: ProtocolError.Code?) throws {
    let server = try PythonServer.echoAtEnd()
    let target = ForwardTarget.tcp("127.0.0.1", server.port)
    let result = Result {
      try run { connection in
        StreamWork(connection) { work in
          connection.send(.open, stream: name == "zero" ? 0 : 1, target)
          switch name {
          case "open": connection.send(.open, stream: 1, target)
          case "twice":
            connection.send(.end, stream: 1)
            connection.send(.end, stream: 1)
          case "behind":
            connection.send(.end, stream: 1)
            connection.send(.data, stream: 1, [1])
          case "credit": for _ in 0..<2 { connection.send(.credit, stream: 1, number: 16_777_216) }
          default:
            for type in [FrameType.data, .end, .credit, .opened] { connection.send(type, stream: 99, [1, 2, 3, 4]) }
            connection.send(.reset, stream: 99, Failure(ProtocolError(.system, "x")))
            work.isEnough = { $0.frames.contains { $0.type == .opened } }
          }
        }
      }
    }
    switch result {
    case .success(let work):
      #expect(code == nil)
      #expect(work.frames.last?.type == .done)
    case .failure(let error): #expect((error as? OperationFailure)?.error.code == code, "\(error)")
    }
    #expect(try pair.session().sessions().count >= 1)
  }

  private func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 8_192))
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}

/// A client that forwards without heeding what it should.
final class StreamWork: SessionWork {
  private let connection: FrameConnection
  private let act: (StreamWork) -> Void
  private(set) var frames: [Frame] = []
  private(set) var isFinished = false
  private var isEnding = false
  /// How many long frames to send on stream 7, whatever credit there is.
  var pieces = 0
  var isEnough: (StreamWork) -> Bool = { _ in false }

  init(_ connection: FrameConnection, _ act: @escaping (StreamWork) -> Void) {
    self.connection = connection
    self.act = act
  }

  func begin() {
    connection.send(.request, Request(.forward))
    act(self)
  }

  var deadline: Instant? { pieces > 0 && connection.hasRoom ? .now : nil }

  func produce() {
    guard pieces > 0 else { return }
    pieces -= 1
    connection.sendData(stream: 7, upTo: ProtocolLimits.maximumPayload) { room in
      room.initializeMemory(as: UInt8.self, repeating: 1)
      return room.count
    }
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    if header.type == .failure { throw OperationFailure(try Failure(decoding: Array(payload)).error) }
    frames.append(Frame(header.type, stream: header.stream, payload: Array(payload)))
    isFinished = header.type == .done
    if !isEnding, isEnough(self) {
      isEnding = true
      connection.send(.cancel)
    }
  }
}
