import NestorSupport

/// The doctor's results as people read them.
struct DoctorReport {
  private let color: Bool

  /// A report with or without colours.
  init(color: Bool) {
    self.color = color
  }

  /// A line for each result; below those that warn or fail why it matters and what to do.
  func text(_ results: [CheckResult]) -> String {
    let width = results.map(\.id.count).max() ?? 0
    return results.map { result in
      let verdict = result.finding.verdict
      let fixed = result.repair == .fixed ? "fixed: " : ""
      var text = "\(label(verdict))  \(result.id.padded(to: width))  \(fixed)\(result.finding.detail)\n"
      let indent = String(repeating: " ", count: 6)
      if case .failed(let error) = result.repair { text += "\(indent)not fixed: \(error)\n" }
      guard verdict == .warn || verdict == .fail else { return text }
      text += "\(indent)why: \(result.reason)\n"
      for (index, line) in (result.finding.remedy ?? "").split(separator: "\n").enumerated() {
        text += "\(indent)\(index == 0 ? "do:  " : "     ")\(line)\n"
      }
      return text
    }.joined()
  }

  /// How many results are good and bad, in one line; `command` is what mends those that can be mended.
  static func summary(_ results: [CheckResult], fixedBy command: String) -> String {
    let counts = Finding.Verdict.allCases.map { verdict in
      "\(results.count { $0.finding.verdict == verdict }) \(verdict.rawValue)"
    }
    let fixable = results.count {
      ($0.finding.verdict == .fail || $0.finding.verdict == .warn) && $0.isFixable && $0.repair == nil
    }
    return counts.joined(separator: ", ") + (fixable == 0 ? "" : "; \(command) mends \(fixable) of them")
  }

  private func label(_ verdict: Finding.Verdict) -> String {
    let word = verdict.rawValue.uppercased()
    guard color else { return word }
    let code =
      switch verdict {
      case .pass: 32
      case .warn: 33
      case .fail: 31
      case .skip: 2
      }
    return "\u{1b}[\(code)m\(word)\u{1b}[0m"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
