import NestorSupport

extension CheckResult: TableRow {
  private enum Key: String, CodingKey {
    case name, what, verdict, detail, reason, remedy, fixable, fix, fixError
  }

  /// The headings of the columns.
  package static var columns: [String] { ["VERDICT", "CHECK", "DETAIL"] }

  /// Verdict, name and detail.
  package var cells: [String] { [finding.verdict.rawValue.uppercased(), id, finding.detail] }

  /// The check's name.
  package var name: String { id }

  /// Writes all of the result; keys that have nothing to say are left out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .name)
    try container.encode(what, forKey: .what)
    try container.encode(finding.verdict.rawValue, forKey: .verdict)
    try container.encode(finding.detail, forKey: .detail)
    try container.encode(reason, forKey: .reason)
    try container.encodeIfPresent(finding.remedy, forKey: .remedy)
    try container.encode(isFixable, forKey: .fixable)
    switch repair {
    case nil: break
    case .fixed: try container.encode("fixed", forKey: .fix)
    case .failed(let error):
      try container.encode("failed", forKey: .fix)
      try container.encode(error, forKey: .fixError)
    }
  }
}
