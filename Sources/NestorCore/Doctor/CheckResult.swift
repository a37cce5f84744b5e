import NestorSupport

/// What came of one of the doctor's checks.
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
  /// The doctor can mend it, if asked to.
  public let isFixable: Bool

  init(_ requirement: Requirement, _ finding: Finding, repair: Repair? = nil) {
    id = requirement.id
    what = requirement.what
    reason = requirement.reason
    self.finding = finding
    self.repair = repair
    isFixable = requirement.fix != nil
  }
}
