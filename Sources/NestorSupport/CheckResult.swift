/// What came of the check of a requirement.
package struct CheckResult: Sendable, Equatable {
  /// What mending did.
  package enum Repair: Sendable, Equatable {
    /// It was mended, and the check that ran again is content.
    case fixed
    /// It was tried; the check that ran again still finds fault, or the mending itself failed for this reason.
    case failed(String)
  }

  /// The check's short stable name, such as `vhost-net`.
  package let id: String
  /// What has to be so.
  package let what: String
  /// Why it matters.
  package let reason: String
  /// What was found, after mending where that was done.
  package let finding: Finding
  /// What mending did; nil where nothing was mended.
  package let repair: Repair?
  /// It can be mended, if asked for.
  package let isFixable: Bool

  /// The result of a requirement's check.
  package init(_ requirement: Requirement, _ finding: Finding, repair: Repair? = nil) {
    self.init(
      id: requirement.id, what: requirement.what, reason: requirement.reason, finding: finding, repair: repair,
      isFixable: requirement.fix != nil)
  }

  /// Makes a result of its parts, for one that another program reported.
  package init(
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
