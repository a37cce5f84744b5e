extension GuestTemplate {
  /// How one sees that a guest is up.
  package struct Ready: Sendable, Equatable {
    /// A part of a line on the console that the guest prints when it is up; `nil` when there is none to wait for.
    package var console: String?
    /// How long a command waits for that, where it is not told otherwise.
    package var timeout: Duration
  }
}
