/// Reads what the processor says of virtualization, in /proc/cpuinfo.
package struct CPUVirtualizationProbe: Sendable {
  /// Where /proc and /sys lie.
  package var root: SystemRoot

  package init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// The processor's virtualization.
  package enum Extension: String, Sendable {
    /// AMD's.
    case svm
    /// Intel's.
    case vmx

    /// The kernel module that drives it.
    package var module: String {
      switch self {
      case .svm: "kvm_amd"
      case .vmx: "kvm_intel"
      }
    }
  }

  /// What was found.
  package struct Result: Sendable, Equatable {
    /// The vendor as the processor names itself, such as "AuthenticAMD" or "GenuineIntel"; nil where unknown.
    package let vendor: String?
    /// Its virtualization, where the kernel sees one: neither in most virtual machines, nor where the firmware has
    /// turned it off.
    package let virtualization: Extension?
    /// This is a virtual machine itself.
    package let isVirtualMachine: Bool
    /// The guests' memory can be encrypted: AMD SEV, on in the processor and in KVM; Intel TDX, on in KVM.
    package let supportsSecureGuests: Bool

    /// The module that fits the processor's vendor, whether or not the flag is seen.
    package var fittingModule: String? {
      if let virtualization { return virtualization.module }
      return switch vendor {
      case "AuthenticAMD", "HygonGenuine": Extension.svm.module
      case "GenuineIntel", "CentaurHauls", "  Shanghai  ": Extension.vmx.module
      default: nil
      }
    }
  }

  /// Reads the first processor's entry.
  package func run() -> Result {
    let fields = root.lines("/proc/cpuinfo").map { line in
      line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    }
    func field(_ name: String) -> Substring? {
      fields.first { $0.count == 2 && $0[0].trimmingBlanks == name }?[1]
    }
    let flags = Set((field("flags") ?? "").split(separator: " ").map { String($0.trimmingBlanks) })
    let virtualization: Extension? = flags.contains("svm") ? .svm : flags.contains("vmx") ? .vmx : nil
    let sev = flags.contains("sev") && isOn("/sys/module/kvm_amd/parameters/sev")
    let tdx = isOn("/sys/module/kvm_intel/parameters/tdx")
    return Result(
      vendor: field("vendor_id").map { String($0.dropFirst()) },
      virtualization: virtualization,
      isVirtualMachine: flags.contains("hypervisor"),
      supportsSecureGuests: sev || tdx)
  }

  private func isOn(_ parameter: String) -> Bool {
    ["Y", "1"].contains(root.value(parameter) ?? "")
  }
}
