import GuestProtocol
import GuestTransport

/// What a handler of an operation works with.
struct OperationContext {
  let agent: Agent
  let connection: FrameConnection
  let terms: SessionTerms
  /// The session's number in the agent's table.
  let session: UInt64

  /// Notes in the list of sessions what this one does.
  func describe(_ detail: String, user: String = "", process: UInt32 = 0) {
    // A list of many sessions has to fit into one frame.
    let (detail, user) = (detail.bounded(100), user.bounded(40))
    agent.sessions.update(session) { entry in
      (entry.detail, entry.user, entry.process) = (detail, user, process)
    }
  }

  /// Reads an operation's message; one that cannot be read fails the operation.
  func message<Value: Message>(_ request: Request) throws -> Value {
    do {
      return try Value(decoding: request.body)
    } catch {
      throw OperationFailure(error)
    }
  }
}
