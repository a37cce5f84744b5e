import GuestProtocol
import GuestTransport

/// One connection to the agent: the handshake, then one request after another until the peer goes.
struct AgentSession {
  let agent: Agent
  let stream: ByteStream
  let transport: String
  let interruption: Int32?

  /// Serves the peer of a connection; returns when it has gone or was sent away. `onAccept` is called once it has proved
  /// itself.
  func run(onAccept: () -> Void = {}) {
    do {
      let (connection, terms) = try FrameConnection.accept(
        stream, key: agent.key, program: agentProgram, isBusy: agent.sessions.isFull,
        deadline: Instant.now + ProtocolLimits.handshakeLimit, interruption: interruption)
      onAccept()
      try serve(connection, terms)
    } catch {
      note(error)
    }
  }

  /// Serves one client of a port, on which the next one's bytes may come right behind; answers with those bytes.
  func runOnPort(rest: [UInt8]) -> [UInt8] {
    var connection: FrameConnection?
    do {
      let terms: SessionTerms
      let accepted = try FrameConnection.accept(
        stream, key: agent.key, program: agentProgram, rest: rest, isBusy: agent.sessions.isFull, isPort: true,
        deadline: Instant.now + ProtocolLimits.handshakeLimit, interruption: interruption)
      (connection, terms) = accepted
      try serve(accepted.0, terms)
    } catch SessionEnd.silent where connection == nil {
      // Somebody holds the port open and says nothing, which is nobody's business.
    } catch {
      note(error)
    }
    return connection?.takeRest() ?? []
  }

  private func note(_ error: any Error) {
    switch error {
    case SessionEnd.peerGone, SessionEnd.interrupted, SessionEnd.replaced: return
    default: agent.log.logUnauthenticated("\(transport): the session was ended: \(error)")
    }
  }

  /// Serves requests on an authenticated connection until it ends by an error; a plain end of the peer is one too.
  private func serve(_ connection: FrameConnection, _ terms: SessionTerms) throws {
    let loop = SessionLoop(connection, terms: terms, interruption: interruption, keepAlive: agent.keepAlive)
    guard let number = agent.sessions.add(transport: transport, client: terms.peerProgram) else {
      let error = ProtocolError(.busy, "the agent has as many sessions as it can have; try again later")
      connection.send(.failure, Failure(error))
      try loop.drain(timeout: .seconds(1))
      throw error
    }
    defer { agent.sessions.remove(number) }
    let context = OperationContext(agent: agent, connection: connection, terms: terms, session: number)
    while true {
      connection.trim()
      do {
        let reader = RequestReader()
        try loop.run(reader)
        guard let request = reader.request else { return }
        agent.sessions.update(number) { $0.operation = request.operation }
        try run(request, context, loop)
      } catch let failure as OperationFailure {
        connection.send(.failure, Failure(failure.error))
      } catch let error as ProtocolError where error.code != .malformed {
        // The frames are in order, so the client can be told; what it did wrong ends the session all the same.
        connection.send(.failure, Failure(error))
        try loop.drain(timeout: .seconds(1))
        throw error
      }
      agent.sessions.update(number) { entry in
        entry.operation = .none
        (entry.detail, entry.user, entry.process) = ("", "", 0)
      }
    }
  }

  private func run(_ request: Request, _ context: OperationContext, _ loop: SessionLoop) throws {
    switch request.operation {
    case .exec:
      let handler = try ExecHandler(context, request)
      defer { handler.abandon() }
      try loop.run(handler)
    case .stat: try loop.run(StatHandler(context, request))
    case .put: try loop.run(PutHandler(context, request))
    case .get: try loop.run(GetHandler(context, request))
    case .forward: try loop.run(ForwardHandler(context))
    case .sessions: try loop.run(SessionsHandler(context))
    case .report: try loop.run(ReportHandler(context))
    case .power:
      let handler = try PowerHandler(context, request)
      try loop.run(handler)
      handler.act()
    case .clock: try loop.run(ClockHandler(context, request))
    case .freeze:
      let handler = try FreezeHandler(context, request)
      // However the session ends, the file systems are thawed before anything else, such as a line in a log on them.
      defer { handler.finish() }
      try loop.run(handler)
    case .identity: try loop.run(IdentityHandler(context, request))
    case .watch: try loop.run(WatchHandler(context, request))
    case .none:
      throw OperationFailure(
        .unsupported, "this agent does not know the operation \(request.number); it is older than its client")
    }
  }
}
