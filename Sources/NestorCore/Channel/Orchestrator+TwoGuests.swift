import Dispatch
import GuestClient
import NestorSupport

extension Orchestrator {
  /// A session on loan to another thread.
  // Safe: the thread that lends it waits, and does not touch it, until the other one has given it back.
  private final class Loan: @unchecked Sendable {
    let session: GuestSession

    init(_ session: GuestSession) {
      self.session = session
    }
  }

  /// What became of work on a thread that another one waits for.
  // Safe: written before the semaphore is signalled, and read behind it.
  private final class Outcome<Value>: @unchecked Sendable {
    var result: Result<Value, any Error>?
  }

  /// Runs `body` with sessions of two guests' agents, see ``withSession(_:timeout:_:)``.
  public func withSessions<Value: Sendable>(
    _ first: String, _ second: String, timeout: Double = 30,
    _ body: @escaping @Sendable (GuestSession, GuestSession) throws -> Value
  ) async throws -> Value {
    try await withSession(first, timeout: timeout) { [self] session in
      let loan = Loan(session)
      let outcome = Outcome<Value>()
      let isDone = DispatchSemaphore(value: 0)
      Task {
        do {
          outcome.result = .success(try await withSession(second, timeout: timeout) { try body(loan.session, $0) })
        } catch {
          outcome.result = .failure(error)
        }
        isDone.signal()
      }
      // This thread is the session's own, so nobody else is kept waiting.
      isDone.wait()
      guard let result = outcome.result else { throw CancellationError() }
      return try result.get()
    }
  }
}
