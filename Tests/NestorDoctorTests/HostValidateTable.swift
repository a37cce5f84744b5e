import NestorSupport

/// Which of the doctor's checks answers each check of virt-host-validate, and where the two may say different things.
///
/// See https://libvirt.org/manpages/virt-host-validate.html.
enum HostValidateTable {
  /// One check of virt-host-validate.
  struct Entry: Sendable {
    /// The words by which its line is known.
    let words: String
    /// The doctor's check.
    let id: String
    /// The differences that have a reason.
    let differences: [Difference]
  }

  /// A pair of verdicts that differ for a reason.
  struct Difference: Sendable {
    /// virt-host-validate's verdict.
    let theirs: Finding.Verdict
    /// The doctor's.
    let ours: Finding.Verdict
    /// Why both are right.
    let reason: String
  }

  /// A line that virt-host-validate printed.
  struct Line: Sendable, Equatable {
    let text: String
    let verdict: Finding.Verdict
  }

  private static func differences(_ reason: String, _ pairs: (Finding.Verdict, Finding.Verdict)...) -> [Difference] {
    pairs.map { Difference(theirs: $0.0, ours: $0.1, reason: reason) }
  }

  static let entries: [Entry] =
    [
      Entry(
        words: "hardware virtualization", id: "kvm",
        differences: differences(
          "the flag of the processor is read there, code is run here; guests are emulated without KVM, so that is no"
            + " failure unless KVM is required",
          (.fail, .warn), (.pass, .warn), (.fail, .pass))),
      Entry(
        words: "/dev/kvm exists", id: "kvm",
        differences: differences(
          "a device that exists may be too slow for guests, and guests run without it", (.pass, .warn), (.fail, .warn))),
      Entry(
        words: "/dev/kvm is accessible", id: "kvm-access",
        differences: differences(
          "it is tried there as root, here as the user that QEMU runs as; guests run without it", (.pass, .warn),
          (.fail, .warn), (.fail, .skip))),
      Entry(
        words: "/dev/vhost-net exists", id: "vhost-net",
        differences: differences(
          "that it exists is asked there; here a tap is attached, which takes root and may fail", (.pass, .warn),
          (.pass, .skip))),
      Entry(
        words: "/dev/net/tun exists", id: "tun",
        differences: differences(
          "that it exists is asked there; here a tap is made, which takes root and may fail", (.pass, .fail),
          (.pass, .skip), (.fail, .skip))),
      Entry(
        words: "device assignment IOMMU", id: "iommu",
        differences: differences(
          "only passthrough needs an IOMMU: without one nothing is wrong with an ordinary machine", (.warn, .skip),
          (.pass, .skip))),
      Entry(
        words: "IOMMU is enabled", id: "iommu",
        differences: differences(
          "only passthrough needs an IOMMU: without one nothing is wrong with an ordinary machine", (.warn, .skip))),
      Entry(
        words: "secure guest", id: "secure-guests",
        differences: differences(
          "only confidential guests need it: without it nothing is wrong with an ordinary machine", (.warn, .skip))),
      Entry(
        words: "cgroup 'devices'", id: "cgroup-devices",
        differences: differences(
          "cgroup v2 has no device rules for unprivileged containers, whose manager limits devices itself",
          (.warn, .skip))),
    ]
    + ["cpu", "cpuacct", "cpuset", "memory", "blkio"].map { name in
      Entry(words: "cgroup '\(name)'", id: "cgroup-\(name)", differences: [])
    }

  /// The lines of the program's output, colours and all.
  static func lines(of output: String) -> [Line] {
    output.split(whereSeparator: \.isNewline).compactMap { line in
      // The text ends at the last ": " before the verdict; the message in parentheses may hold more of them.
      guard let start = line.firstRange(of: "QEMU: ")?.upperBound,
        let colon = line[start...].firstRange(of: ": ")
      else { return nil }
      let words = line[colon.upperBound...].split { !$0.isLetter }
      // On a terminal the letter that ends a colour's sequence sticks to the verdict.
      guard let word = ["PASS", "WARN", "FAIL", "NOTE"].first(where: { words.first?.hasSuffix($0) ?? false }) else {
        return nil
      }
      // A NOTE is a word of advice, weaker than a warning, with the same meaning here.
      let verdict = Finding.Verdict(rawValue: word.lowercased()) ?? .warn
      let text = line[start..<colon.lowerBound]
      return Line(text: String(text.prefix(text.count - text.reversed().prefix { $0 == " " }.count)), verdict: verdict)
    }
  }

  static func entry(for line: Line) -> Entry? { entries.first { line.text.contains($0.words) } }
}
