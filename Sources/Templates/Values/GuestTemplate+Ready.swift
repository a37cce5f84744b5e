extension GuestTemplate {
  /// How one sees that a guest is up.
  public struct Ready: Sendable, Equatable {
    /// A part of a line on the console that the guest prints when it is up; `nil` when there is none to wait for.
    public var console: String?
    /// How long to wait for it at most, in seconds.
    public var timeout: Int
  }
}
