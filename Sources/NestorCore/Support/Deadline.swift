/// A moment until which something has to have happened.
package struct Deadline: Sendable {
  private let moment: ContinuousClock.Instant

  /// The moment that far from now; at once for what is negative.
  package init(after duration: Duration) {
    moment = .now + max(duration, .zero)
  }

  /// The time that is left; none when it is over.
  package var left: Duration { max(ContinuousClock.now.duration(to: moment), .zero) }

  /// Runs `body`, cancelled and answered with nil when the time is over first.
  ///
  /// Throws what `body` throws, and `CancellationError` when the caller itself is cancelled.
  package func limit<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        try await ContinuousClock().sleep(until: moment)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}
