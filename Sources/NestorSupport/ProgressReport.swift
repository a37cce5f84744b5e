/// A word on how far a long piece of work is.
package struct ProgressReport: Sendable, Equatable {
  /// What is being worked on, such as a guest's name.
  package var subject: String
  /// The stage reached, such as `waiting for the console`.
  package var stage: String
  /// The part that is done, from 0 to 1, where that is known.
  package var fraction: Double?

  package init(_ subject: String, _ stage: String, fraction: Double? = nil) {
    self.subject = subject
    self.stage = stage
    self.fraction = fraction
  }
}

/// Takes reports as they come, from any thread; the core never prints, so whoever calls it decides what to show.
package typealias ProgressHandler = @Sendable (ProgressReport) -> Void
