import GuestProtocol
import GuestTransport

/// An authenticated connection to a guest's agent, on which operations run one after another.
///
/// Blocks its thread and belongs to it; ``Interruption`` ends an operation from another one. After an error other than
/// ``OperationFailure`` the session is over and another has to be opened.
package final class GuestSession {
  /// What the peers agreed on.
  package let terms: SessionTerms
  let connection: FrameConnection
  private let loop: SessionLoop
  // The loop knows its descriptor only.
  private let interruption: Interruption?

  /// Authenticates over a connected stream; throws `ProtocolError`, ``SessionEnd`` or ``TransportError``.
  package init(
    _ stream: ByteStream, key: GuestKey, isPort: Bool = false, timeout: Duration = ProtocolLimits.handshakeLimit,
    interruption: Interruption? = nil, keepAlive: SessionKeepAlive = SessionKeepAlive()
  ) throws {
    self.interruption = interruption
    (connection, terms) = try FrameConnection.connect(
      stream, key: key, program: clientProgram, mayHoldOldBytes: isPort, timeout: timeout,
      interruption: interruption?.descriptor)
    loop = SessionLoop(
      connection, terms: terms, interruption: interruption?.descriptor, keepAlive: keepAlive)
  }

  /// Ends the session at once; what runs in it is ended by the agent. Without this the session ends when it is let go of.
  package func close() {
    connection.stream.shutDown()
  }

  /// Runs an operation to its end.
  func run(_ work: some SessionWork) throws {
    try loop.run(work)
  }

  /// Asks for something that the agent answers with one message.
  func ask<Answer: Message>(
    _ operation: Operation, _ message: (any Message)? = nil, for _: Answer.Type = Answer.self
  ) throws -> Answer {
    let call = UnaryCall<Answer>(connection, Request(operation, message?.encoded ?? []))
    try loop.run(call)
    return call.answer
  }
}
