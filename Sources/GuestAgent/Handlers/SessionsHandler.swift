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
    // A list has to fit into one frame.
    while list.encoded.count > ProtocolLimits.maximumPayload,
      let last = list.sessions.lastIndex(where: { !$0.isOwn })
    {
      list.sessions.remove(at: last)
    }
    context.connection.send(.done, list)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {}
}
