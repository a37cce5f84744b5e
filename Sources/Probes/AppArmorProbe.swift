import Glibc
import NestorSupport

/// Finds whether AppArmor is on, whether it confines this process, and whether QEMU's rules name a device.
///
/// See <https://gitlab.com/apparmor/apparmor/-/wikis/AppArmor_Core_Policy_Reference>.
package struct AppArmorProbe: Sendable {
  /// Where /proc, /sys and /etc lie.
  package var root: SystemRoot

  /// The file in which an administrator adds to the rules of libvirt's guests.
  package static let localRulesPath = "/etc/apparmor.d/local/abstractions/libvirt-qemu"
  /// libvirt's own rules for its guests.
  package static let ownRulesPath = "/etc/apparmor.d/abstractions/libvirt-qemu"

  package init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// What was found.
  package struct Result: Sendable, Equatable {
    /// AppArmor is on in the kernel.
    package let isEnabled: Bool
    /// The label of this process with its mode, such as "unconfined" or "lxd-x_</var/lib/lxd> (enforce)"; nil where
    /// AppArmor is off.
    package let label: String?

    /// A profile is enforced on this process. In a container with a profile namespace of its own this is so for the
    /// host's part of the label.
    package var isConfined: Bool { label?.hasSuffix("(enforce)") ?? false }
  }

  /// Reads the kernel's parameter and this process's label.
  package func run() -> Result {
    let isEnabled = root.value("/sys/module/apparmor/parameters/enabled")?.hasPrefix("Y") ?? false
    // The second name is shared with other security modules: it is AppArmor's only where AppArmor is on.
    let label =
      isEnabled ? root.value("/proc/self/attr/apparmor/current") ?? root.value("/proc/self/attr/current") : nil
    return Result(isEnabled: isEnabled, label: label)
  }

  /// Whether libvirt's rules for guests, or the administrator's additions, let QEMU read and write `device`.
  ///
  /// Rules with "*", "?" and "[]" are understood; those with variables, alternations or an owner condition count as
  /// absent. A deny rule wins, as in AppArmor.
  package func allowsGuests(_ device: String) -> Bool {
    let rules = [Self.localRulesPath, Self.ownRulesPath].flatMap { root.lines($0) }.compactMap { Rule($0) }
    let matching = rules.filter { $0.matches(device) }
    return matching.contains { !$0.isDenial && $0.grantsReadAndWrite }
      && !matching.contains { $0.isDenial && $0.permissions.contains { "rw".contains($0) } }
  }

  /// A file rule: "/dev/vhost-vsock rw,", with the words that may stand before it.
  private struct Rule {
    let pattern: String
    let permissions: Substring
    let isDenial: Bool

    var grantsReadAndWrite: Bool { permissions.contains("r") && permissions.contains("w") }

    init?(_ line: Substring) {
      let text = line.prefix { $0 != "#" }.trimmingBlanks
      guard text.hasSuffix(",") else { return nil }
      var words = text.dropLast().split(whereSeparator: \.isWhitespace)
      var isDenial = false
      while let word = words.first, ["audit", "allow", "deny", "file"].contains(word) {
        isDenial = isDenial || word == "deny"
        words.removeFirst()
      }
      guard words.count == 2 else { return nil }
      // The permissions may stand on either side.
      let pathFirst = words[0].hasPrefix("/") || words[0].hasPrefix("\"")
      let path = words[pathFirst ? 0 : 1].filter { $0 != "\"" }
      guard path.hasPrefix("/"), !path.contains("{"), !path.contains("@") else { return nil }
      pattern = path
      permissions = words[pathFirst ? 1 : 0]
      self.isDenial = isDenial
    }

    func matches(_ path: String) -> Bool {
      // AppArmor's "**" crosses slashes and its "*" does not, like fnmatch without and with FNM_PATHNAME.
      fnmatch(pattern, path, pattern.contains("**") ? 0 : FNM_PATHNAME) == 0
    }
  }
}
