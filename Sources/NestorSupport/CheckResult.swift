/// What came of the check of a requirement.
public struct CheckResult: Sendable, Equatable {
  /// What mending did.
  public enum Repair: Sendable, Equatable {
    /// It was mended, and the check that ran again is content.
    case fixed
    /// It was tried; the check that ran again still finds fault, or the mending itself failed for this reason.
    case failed(String)
  }

  /// The check's short stable name, such as `vhost-net`.
  public let id: String
  /// What has to be so.
  public let what: String
  /// Why it matters.
  public let reason: String
  /// What was found, after mending where that was done.
  public let finding: Finding
  /// What mending did; nil where nothing was mended.
  public let repair: Repair?
  /// It can be mended, if asked for.
  public let isFixable: Bool

  /// The result of a requirement's check.
  public init(_ requirement: Requirement, _ finding: Finding, repair: Repair? = nil) {
    self.init(
      id: requirement.id, what: requirement.what, reason: requirement.reason, finding: finding, repair: repair,
      isFixable: requirement.fix != nil)
  }

  /// Makes a result of its parts, for one that another program reported.
  public init(
    id: String, what: String, reason: String, finding: Finding, repair: Repair? = nil, isFixable: Bool = false
  ) {
    self.id = id
    self.what = what
    self.reason = reason
    self.finding = finding
    self.repair = repair
    self.isFixable = isFixable
  }
}
