/// What a check found.
public struct Finding: Sendable, Equatable {
  /// How a check ended.
  public enum Verdict: String, Sendable, CaseIterable {
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
  public var verdict: Verdict
  /// What was seen, on one line.
  public var detail: String
  /// The exact commands or steps that mend it, where the check knows better than its requirement.
  public var remedy: String?

  /// Makes a finding of its parts.
  public init(_ verdict: Verdict, _ detail: String, remedy: String? = nil) {
    self.verdict = verdict
    self.detail = detail
    self.remedy = remedy
  }
}
