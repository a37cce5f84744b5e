import Dispatch

/// Asynchronous work for a thread that may block, such as the one that a session with an agent has to itself.
enum AwaitedWork {
  // Safe: written before the semaphore is signalled, and read behind it.
  private final class Outcome<Value>: @unchecked Sendable {
    var result: Result<Value, any Error>?
  }

  /// Runs `body` on Swift's own threads while this one waits; not to be called on one of those.
  static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    let outcome = Outcome<Value>()
    let isDone = DispatchSemaphore(value: 0)
    Task {
      do {
        outcome.result = .success(try await body())
      } catch {
        outcome.result = .failure(error)
      }
      isDone.signal()
    }
    isDone.wait()
    guard let result = outcome.result else { throw CancellationError() }
    return try result.get()
  }
}
