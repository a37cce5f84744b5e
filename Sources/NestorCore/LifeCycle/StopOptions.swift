/// How a guest is stopped.
package struct StopOptions: Sendable {
  /// Pull the plug at once instead of asking.
  package var force = false
  /// How long the guest may take.
  package var timeout = Duration.seconds(90)
  /// How often it is asked again meanwhile; a guest that still boots misses the first request.
  package var interval = Duration.seconds(5)

  package init(force: Bool = false, timeout: Duration = .seconds(90), interval: Duration = .seconds(5)) {
    self.force = force
    self.timeout = timeout
    self.interval = interval
  }
}
