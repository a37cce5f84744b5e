/// How a guest is stopped.
package struct StopOptions: Sendable {
  /// Pull the plug at once instead of asking.
  package var force: Bool
  /// How long the guest may take.
  package var timeout: Duration
  /// How often it is asked again meanwhile, a tenth of a second at least; a guest that still boots misses the first request.
  package var interval: Duration

  package init(force: Bool = false, timeout: Duration = .seconds(90), interval: Duration = .seconds(5)) {
    self.force = force
    self.timeout = timeout
    self.interval = max(interval, .milliseconds(100))
  }
}
