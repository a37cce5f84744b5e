import NestorSupport
import Probes

extension HostRequirements {
  /// What the networks of libvirt in a container need of the kernel, which they share with the host.
  var network: [Requirement] {
    [
      feature(
        "bridge", "the kernel has bridges", ["bridge"], isFatal: true,
        "libvirt's networks in the container, and the daemon's own, are bridges"),
      feature(
        "nat", "the kernel can translate addresses", ["nf_tables", "nf_nat"], isFatal: false,
        "guests on libvirt's network reach the world by the container's address"),
      feature(
        "bridge-netfilter", "packets on bridges can pass the firewall", ["br_netfilter"], isFatal: false,
        "nwfilter rules on guests' interfaces need it; nothing else does"),
      feature(
        "traffic-control", "the kernel can limit rates", ["sch_htb", "sch_ingress", "cls_u32", "cls_fw", "act_police"],
        isFatal: false, "guests' interfaces with a <bandwidth> need it; nothing else does"),
    ]
  }

  private func feature(_ id: String, _ what: String, _ modules: [String], isFatal: Bool, _ reason: String)
    -> Requirement
  {
    let probe = KernelModuleProbe(root: root)
    return Requirement(
      id: id, what: what, reason: reason, isFatal: isFatal,
      remedy: "boot a kernel that has \(modules.joined(separator: ", "))"
    ) {
      let absent = modules.filter { probe.presence(of: $0) == .absent }
      guard absent.isEmpty else {
        // Without a list of what is built in, nothing proves that a feature without a device is not there.
        guard probe.canLoad else {
          return Finding(.skip, "this kernel does not say whether it has \(absent.joined(separator: ", "))")
        }
        return Finding(
          .fail, "this kernel has no \(absent.joined(separator: ", "))", remedy: probe.remedy(for: absent[0]))
      }
      let later = modules.filter { !probe.presence(of: $0).isPresent }
      return Finding(
        .pass, later.isEmpty ? "there" : "\(later.joined(separator: ", ")): loaded by the kernel when first used")
    }
  }

  /// What was chosen beyond the usual.
  var onRequest: [Requirement] {
    var requirements: [Requirement] = []
    if extras.contains("hugepages") {
      requirements.append(.hugePages(optional: false, root: root))
    }
    for extra in extras.sorted() where extra.hasPrefix("vfio") {
      let group = extra.hasPrefix("vfio-") ? String(extra.dropFirst(5)) : nil
      requirements.append(
        Requirement(
          id: extra, what: "PCI devices can be passed through",
          reason: "only the host can bind a device to vfio-pci: the container may not", isFatal: true,
          remedy:
            "boot with intel_iommu=on (Intel) or check the firmware (AMD), modprobe vfio-pci, and bind the devices:"
            + " driverctl set-override 0000:BB:DD.F vfio-pci"
        ) { [root] in Self.lookAtVFIO(group, root) })
    }
    return requirements
  }

  private static func lookAtVFIO(_ group: String?, _ root: SystemRoot) -> Finding {
    guard IOMMUProbe(root: root).run().groups > 0 else { return Finding(.fail, "there is no IOMMU group") }
    guard let group else { return Finding(.pass, "there are IOMMU groups; name one by --with vfio-N") }
    let devices = root.names("/sys/kernel/iommu_groups/\(group)/devices")
    guard !devices.isEmpty else { return Finding(.fail, "there is no IOMMU group \(group)") }
    let unbound = devices.filter { !root.exists("/sys/bus/pci/drivers/vfio-pci/\($0)") }
    return unbound.isEmpty
      ? Finding(.pass, "group \(group) with \(devices.joined(separator: ", ")) is bound to vfio-pci")
      : Finding(.fail, "\(unbound.joined(separator: ", ")) of group \(group) is not bound to vfio-pci")
  }
}
