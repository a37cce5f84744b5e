import NestorSupport
import Probes

/// The rules of AppArmor's that libvirt's virt-aa-helper has written for one running guest.
///
/// libvirt before 12.1 forbids QEMU to write to what lies beneath a disk, and a rule that forbids outdoes any that allows.
/// So a snapshot's file could never be merged into the one below it
/// (https://gitlab.com/libvirt/libvirt/-/work_items/806). Without the rule QEMU still may not write there until libvirt,
/// which adds a rule for each merge, allows it.
struct GuestFileRules: Sendable {
  private let path: String

  init(uuid: String, root: SystemRoot = .machine) {
    path = root.path("/etc/apparmor.d/libvirt/libvirt-\(uuid).files")
  }

  /// Takes out the rules that forbid to write to disks in this folder; a guest without rules has none.
  func permitMerging(in folder: String) throws {
    guard FileTree.exists(path) else { return }
    let lines = try FileTree.readText(path).split(separator: "\n", omittingEmptySubsequences: false)
    let rule = { (line: Substring) in line.trimmingPrefix(while: \.isWhitespace) }
    // Kernels are not locked, disks are.
    let disks = lines.map(rule).filter { $0.hasPrefix("\"\(folder)/") && $0.hasSuffix("\" rk,") }
    let forbidding = Set(disks.map { "deny \($0.dropLast(" rk,".count)) w," })
    let kept = lines.filter { !forbidding.contains(String(rule($0))) }
    guard kept.count < lines.count else { return }
    try FileTree.replace(path, with: Array(kept.joined(separator: "\n").utf8))
  }
}
