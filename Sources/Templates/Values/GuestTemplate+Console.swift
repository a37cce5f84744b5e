extension GuestTemplate {
  /// The serial console.
  public struct Console: Sendable, Equatable {
    /// Whether all that the guest writes there is kept in a log file.
    public var log: Bool
  }
}
