import GuestProtocol
import GuestTransport

/// Lists the agent's sessions.
final class SessionsHandler: SessionWork {
  let isFinished = true
  private let context: OperationContext

  init(_ context: OperationContext) {
    self.context = context
  }

  func begin() throws {
    var list = SessionList()
    list.sessions = context.agent.sessions.list(for: context.session)
    context.connection.send(.done, list)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {}
}
