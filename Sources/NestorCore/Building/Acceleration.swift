import Glibc
import NestorSupport
import Probes

/// Whether KVM runs guests at a useful speed here: proved by running code, and remembered until the next boot.
package struct Acceleration: Sendable, Equatable {
  /// Whether guests may use KVM.
  package let isUsable: Bool
  /// Why not, or how fast, in a sentence.
  package let explanation: String

  package init(isUsable: Bool, explanation: String) {
    self.isUsable = isUsable
    self.explanation = explanation
  }

  /// What the probe says, from the file of this boot where it is there.
  ///
  /// The probe blocks for up to its time limit, so it runs on a thread that may.
  package static func current(_ state: StateDirectory) async -> Acceleration {
    let cache = "\(state.runtime)/kvm-\(bootID())"
    if FileTree.exists("/dev/kvm"), let text = try? FileTree.readText(cache, limit: 4096),
      let verdict = Acceleration(cached: text)
    {
      return verdict
    }
    let result = await BlockingWork.run { KVMProbe().run() }
    let verdict = Acceleration(result)
    // A device that is not there or may not be opened is found out at once, and may be mended before the next boot.
    guard result.comparison != nil else { return verdict }
    // Without rights to write there the next program probes again; that costs time and is no error.
    try? state.prepare()
    try? FileTree.write(Array(verdict.cached.utf8), to: cache)
    return verdict
  }

  /// Reads the probe's result.
  init(_ result: KVMProbe.Result) {
    isUsable = result.status == .usable
    explanation = result.sentence
  }

  private init?(cached text: String) {
    let lines = text.split(separator: "\n", maxSplits: 1)
    guard lines.count == 2, lines[0] == "usable" || lines[0] == "unusable" else { return nil }
    isUsable = lines[0] == "usable"
    explanation = String(lines[1].split(separator: "\n").joined(separator: " "))
  }

  private var cached: String { (isUsable ? "usable" : "unusable") + "\n\(explanation)\n" }

  private static func bootID() -> String {
    let text = (try? FileTree.readText("/proc/sys/kernel/random/boot_id", limit: 100)) ?? ""
    return String(text.filter { $0.isHexDigit || $0 == "-" })
  }
}
