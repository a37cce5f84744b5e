/// How long tests wait for what has to come: only so that none waits for ever.
///
/// It is many times what anything takes on a busy machine, since no verdict may hang on how fast a machine is. A test
/// that waits for long is named by `scripts/test` meanwhile.
package enum Patience {
  /// The limit in seconds.
  package static let seconds = 1200.0

  /// Looks until the condition holds; an error when it does not within the limit.
  package static func until(_ what: String, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
      if ContinuousClock.now > end { throw LabError("\(what) did not come within \(seconds) s") }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
