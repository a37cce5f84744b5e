import GuestClient
import NestorSupport

extension AgentChannel {
  /// A session on loan to another thread.
  // Safe: the thread that lends it waits, and does not touch it, until the other one has given it back.
  private final class Loan: @unchecked Sendable {
    let session: GuestSession

    init(_ session: GuestSession) {
      self.session = session
    }
  }

  /// Runs `body` with sessions of two guests' agents, see ``withSession(timeout:_:)``.
  package func withSessions<Value: Sendable>(
    and other: AgentChannel, timeout: Duration = .seconds(30),
    _ body: @escaping @Sendable (GuestSession, GuestSession) throws -> Value
  ) async throws -> Value {
    try await withSession(timeout: timeout) { session in
      let loan = Loan(session)
      return try AwaitedWork.run { try await other.withSession(timeout: timeout) { try body(loan.session, $0) } }
    }
  }
}
