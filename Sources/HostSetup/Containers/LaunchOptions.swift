/// What a user may say of a container that is launched or prepared.
package struct LaunchOptions: Sendable {
  /// The image: an alias, a fingerprint, `REMOTE:ALIAS` or a path; nil for the usual one.
  package var image: String?
  /// The container's own settings, such as limits.memory.
  package var settings: [String: String]
  /// How long the container may take to come up.
  package var timeout: Duration
  /// Whether a container that runs may be restarted where its new settings need that.
  package var mayRestart: Bool
  /// Whether the container's card is put into a bridge, so that guests can be on the daemon's network.
  package var bridgesCard: Bool
  /// The programs and templates to put inside.
  package var payload: Payload

  package init(
    payload: Payload, image: String? = nil, settings: [String: String] = [:], timeout: Duration = .seconds(300),
    mayRestart: Bool = false, bridgesCard: Bool = false
  ) {
    self.payload = payload
    self.image = image
    self.settings = settings
    self.timeout = timeout
    self.mayRestart = mayRestart
    self.bridgesCard = bridgesCard
  }
}
