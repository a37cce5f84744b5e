extension GuestTemplate {
  /// The serial console.
  package struct Console: Sendable, Equatable {
    /// Whether all that the guest writes there is kept in a log file.
    package var log: Bool
  }
}
