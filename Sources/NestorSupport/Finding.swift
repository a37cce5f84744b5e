/// What a check found.
package struct Finding: Sendable, Equatable {
  /// How a check ended.
  package enum Verdict: String, Sendable, CaseIterable {
    /// It works.
    case pass
    /// It works less well, or something optional is missing.
    case warn
    /// What is required does not work.
    case fail
    /// It could not be tried here, or has no meaning here.
    case skip
  }

  /// How the check ended.
  package var verdict: Verdict
  /// What was seen, on one line.
  package var detail: String
  /// The exact commands or steps that mend it, where the check knows better than its requirement.
  package var remedy: String?

  package init(_ verdict: Verdict, _ detail: String, remedy: String? = nil) {
    self.verdict = verdict
    self.detail = detail
    self.remedy = remedy
  }
}
