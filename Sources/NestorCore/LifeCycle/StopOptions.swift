/// How a guest is stopped.
package struct StopOptions: Sendable {
  /// Pull the plug at once instead of asking.
  package var force: Bool
  /// How long the guest may take, in seconds.
  package var timeout: Double
  /// How often it is asked again meanwhile, in seconds; a guest that still boots misses the first request.
  package var interval: Double

  /// Makes the options of their parts; a time is at most three years, and at least none.
  package init(force: Bool = false, timeout: Double = 90, interval: Double = 5) {
    self.force = force
    // What is no number of seconds that a clock can count would end the program.
    self.timeout = timeout > 0 ? min(timeout, 1e8) : 0
    self.interval = interval > 0.1 ? min(interval, 1e8) : 0.1
  }
}
