/// Something that has to be so for guests to run, with the way to find out and the way to mend it.
package struct Requirement: Sendable {
  /// A short stable name for scripts, such as `vhost-net`.
  package var id: String
  /// What has to be so, as a short phrase.
  package var what: String
  /// Why it matters, as a sentence.
  package var reason: String
  /// Whether nothing works without it; a failed probe of the others is only a warning.
  package var isFatal: Bool
  /// Tries the thing itself.
  package var probe: @Sendable () async -> Finding
  /// What a person does when the probe fails, as commands or a sentence.
  package var remedy: String
  /// Mends it, where that is safe to do unasked; throws what went wrong.
  package var fix: (@Sendable () async throws -> Void)?

  package init(
    id: String, what: String, reason: String, isFatal: Bool, remedy: String,
    fix: (@Sendable () async throws -> Void)? = nil, probe: @escaping @Sendable () async -> Finding
  ) {
    self.id = id
    self.what = what
    self.reason = reason
    self.isFatal = isFatal
    self.remedy = remedy
    self.fix = fix
    self.probe = probe
  }

  /// Runs the probe; a failure of what is not fatal comes out as a warning.
  package func check() async -> Finding {
    var finding = await probe()
    if finding.verdict == .fail && !isFatal { finding.verdict = .warn }
    if finding.remedy == nil && (finding.verdict == .fail || finding.verdict == .warn) { finding.remedy = remedy }
    return finding
  }
}

extension Requirement {
  /// Checks all of them side by side, each within `limit`, and answers in their order.
  ///
  /// A check that is late counts as failed and is left behind. What the findings say is on one line each.
  package static func check(_ requirements: [Requirement], limit: Duration) async -> [Finding] {
    await withTaskGroup(of: (Int, Finding).self) { group in
      for (index, requirement) in requirements.enumerated() {
        group.addTask {
          let finding = await WorkLimit.run(limit) { await requirement.check() }
          return (index, finding ?? requirement.lateFinding(limit))
        }
      }
      var findings = [Finding](repeating: Finding(.skip, ""), count: requirements.count)
      for await (index, finding) in group {
        findings[index] = Finding(finding.verdict, Finding.oneLine(finding.detail), remedy: finding.remedy)
      }
      return findings
    }
  }

  private func lateFinding(_ limit: Duration) -> Finding {
    Finding(
      isFatal ? .fail : .warn, "no answer within \(limit.components.seconds) s: something hangs",
      remedy: "look for processes in state D (ps ax -o pid,stat,wchan:20,cmd) and at the kernel's log (journalctl -k)")
  }
}

extension Finding {
  /// The text on one line: messages of other programs may have line ends and control characters in them.
  package static func oneLine(_ text: String) -> String {
    let isControl = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory == .control }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
  }
}
