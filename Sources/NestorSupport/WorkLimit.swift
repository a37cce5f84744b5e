import Synchronization

/// Waits for work that may never come back.
///
/// A task group waits for all its tasks, also for one that hangs in a system call; this does not.
package enum WorkLimit {
  private final class Answer<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Value?, Never>?>

    init(_ continuation: CheckedContinuation<Value?, Never>) {
      self.continuation = Mutex(continuation)
    }

    func give(_ value: Value?) {
      let waiting = continuation.withLock { continuation in
        defer { continuation = nil }
        return continuation
      }
      waiting?.resume(returning: value)
    }
  }

  /// Runs `body` and answers with its value, or with nil when the time was over first; it is cancelled then, and left
  /// alone if it does not heed that.
  package static func run<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async -> Value
  ) async -> Value? {
    await withCheckedContinuation { continuation in
      let answer = Answer(continuation)
      let work = Task { answer.give(await body()) }
      Task {
        try? await ContinuousClock().sleep(for: limit)
        answer.give(nil)
        work.cancel()
      }
    }
  }
}
