import NestorSupport
import Probes

/// What the host's kernel has, as far as the design depends on it.
package struct HostFacts: Sendable {
  let root: SystemRoot
  private let modules: KernelModuleProbe

  /// The facts of the machine, or of a tree made for a test.
  package init(root: SystemRoot = .machine) {
    self.root = root
    modules = KernelModuleProbe(root: root)
  }

  /// Whether the device is there now.
  func has(_ device: PassthroughDevice) -> Bool { root.exists(device.path) }

  /// Whether the module's feature is there now.
  func hasFeature(_ module: String) -> Bool { modules.presence(of: module).isPresent }

  /// Whether the module's feature is not there, and modprobe would bring it.
  func canLoad(_ module: String) -> Bool { modules.canLoad && modules.presence(of: module) == .loadable }

  /// Whether naming the module keeps no container from starting: modprobe is there, and so are this kernel's modules.
  func canName(_ module: String) -> Bool { modules.canLoad && modules.presence(of: module) != .absent }

  /// The module of KVM for this processor; nil where it has no virtualization.
  var processorModule: String? { CPUVirtualizationProbe(root: root).run().virtualization?.module }

  /// The IPv4 networks that the host has a way to, as address and mask in host order, see proc(5) on /proc/net/route.
  var routes: [(address: UInt32, mask: UInt32)] {
    root.lines("/proc/net/route").dropFirst().compactMap { line in
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count >= 8, let address = UInt32(fields[1], radix: 16), let mask = UInt32(fields[7], radix: 16)
      else { return nil }
      return (UInt32(bigEndian: address), UInt32(bigEndian: mask))
    }
  }

  /// An IPv4 subnet for a bridge that the host has no way to yet, as the bridge's address; nil where all are taken.
  ///
  /// The daemon can choose one by itself, but LXD 5.0 not on a host without a default route.
  func freeSubnet() -> String? {
    let mask: UInt32 = 0xffff_ff00
    let taken = routes.filter { $0.mask != 0 }
    for third in UInt32(90)..<250 {
      let network: UInt32 = 10 << 24 | 57 << 16 | third << 8
      let isFree = taken.allSatisfy { route in
        network & (mask & route.mask) != route.address & (mask & route.mask)
      }
      if isFree { return "10.57.\(third).1/24" }
    }
    return nil
  }
}
