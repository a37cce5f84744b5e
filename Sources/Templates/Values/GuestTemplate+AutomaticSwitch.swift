extension GuestTemplate {
  /// A feature that Nestor turns on where it works, unless told otherwise. Written `auto`, `true` or `false`.
  package enum AutomaticSwitch: Sendable, Equatable {
    /// On where it works.
    case auto
    /// On, or the start fails.
    case on
    case off
  }
}
