import NestorSupport

/// A moment until which something has to have happened.
package struct Deadline: Sendable {
  /// Ten years; no clock can count some numbers that a user can write.
  private static let longest: Double = 10 * 365 * 86400

  private let moment: ContinuousClock.Instant

  /// The moment `seconds` from now; at once for what is negative or no number, in ten years for what is more than that.
  package init(seconds: Double) {
    moment = .now + .seconds(seconds > 0 ? min(seconds, Self.longest) : 0)
  }

  /// The time that is left in seconds; 0 when it is over.
  package var secondsLeft: Double {
    let left = ContinuousClock.now.duration(to: moment)
    return max(0, Double(left.components.seconds) + Double(left.components.attoseconds) / 1e18)
  }

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
