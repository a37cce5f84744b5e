/// How a guest is stopped.
public struct StopOptions: Sendable {
  /// Pull the plug at once instead of asking.
  public var force: Bool
  /// How long the guest may take, in seconds.
  public var timeout: Double
  /// How often it is asked again meanwhile, in seconds; a guest that still boots misses the first request.
  public var interval: Double

  /// Makes the options of their parts.
  public init(force: Bool = false, timeout: Double = 90, interval: Double = 5) {
    self.force = force
    self.timeout = timeout
    self.interval = interval
  }
}
