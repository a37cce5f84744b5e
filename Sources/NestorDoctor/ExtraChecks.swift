import NestorSupport
import Probes

/// What only special guests need; its absence is no fault of an ordinary machine, so it is skipped then.
struct ExtraChecks: Sendable {
  let context: DoctorContext

  var requirements: [Requirement] {
    [
      iommu, passthrough, vhostSCSI, vhostUser, secureGuests, memoryLock,
      .hugePages(optional: true, root: context.root),
    ]
  }

  private var iommu: Requirement {
    Requirement(
      id: "iommu", what: "devices can be given to guests",
      reason: "passthrough (VFIO) needs an IOMMU; nothing else does",
      isFatal: false, remedy: "on the host, boot with intel_iommu=on or amd_iommu=on"
    ) { [context] in
      let result = await BlockingWork.run { IOMMUProbe(root: context.root).run() }
      if result.groups > 0 { return Finding(.pass, "the kernel made \(result.groups) IOMMU groups") }
      guard let table = result.firmwareTable else { return Finding(.skip, "no IOMMU is to be seen") }
      return Finding(
        .skip, "the machine has an IOMMU (\(table)), and the kernel does not use it: boot the host with iommu=on")
    }
  }

  private var passthrough: Requirement {
    Requirement(
      id: "vfio", what: "groups of PCI devices can be passed through",
      reason: "templates with `pci` need the device's group in /dev/vfio, and only the host can bind it",
      isFatal: false,
      remedy: "on the host: driverctl set-override 0000:BB:DD.F vfio-pci, nestor-host apply --with vfio-N"
    ) { [context] in
      let names = context.root.names("/dev/vfio")
      let groups = names.filter { $0 != "vfio" && $0 != "devices" }
      guard !groups.isEmpty else { return Finding(.skip, "no group is in /dev/vfio") }
      guard names.contains("vfio") else { return Finding(.fail, "/dev/vfio/vfio is missing beside the groups") }
      return Finding(.pass, "the groups \(groups.joined(separator: ", ")) are here")
    }
  }

  private var vhostSCSI: Requirement {
    Requirement(
      id: "vhost-scsi", what: "the kernel serves guests' SCSI disks",
      reason: "templates with `vhostScsi` need it; the targets are made on the host",
      isFatal: false, remedy: "on the host: nestor-host apply --with vhost-scsi"
    ) { [context] in
      context.has("/dev/vhost-scsi")
        ? Finding(.pass, "/dev/vhost-scsi is here") : Finding(.skip, "/dev/vhost-scsi is not here")
    }
  }

  /// Where Open vSwitch and VPP have their sockets.
  private static let switchFolders = ["/run/openvswitch", "/run/vpp"]

  /// Whether a switch is only told what to do by a socket of this name.
  private static func isForControl(_ name: String) -> Bool {
    ["db.sock", "cli.sock", "api.sock", "stats.sock"].contains(name)
      || [".ctl", ".mgmt", ".snoop"].contains { name.hasSuffix($0) }
  }

  private var vhostUser: Requirement {
    Requirement(
      id: "vhost-user", what: "guests' cards can be at a switch in user space",
      reason: "templates with `vhostUser` name a socket at which the switch listens",
      isFatal: false, remedy: "run a switch here, such as Open vSwitch with DPDK, with a port of type dpdkvhostuser"
    ) { [context] in
      let sockets = Self.switchFolders.flatMap { folder in
        context.root.names(folder).filter { !Self.isForControl($0) }.map { "\(folder)/\($0)" }
      }.filter(context.root.isSocket)
      guard !sockets.isEmpty else {
        return Finding(.skip, "no switch has a socket for guests in \(Self.switchFolders.joined(separator: " or "))")
      }
      return Finding(.pass, "sockets of a switch: \(sockets.joined(separator: ", "))")
    }
  }

  private var secureGuests: Requirement {
    Requirement(
      id: "secure-guests", what: "guests' memory can be encrypted",
      reason: "confidential guests need AMD SEV or Intel TDX",
      isFatal: false, remedy: "use a machine with AMD SEV or Intel TDX"
    ) { [context] in
      let result = await BlockingWork.run { CPUVirtualizationProbe(root: context.root).run() }
      return result.supportsSecureGuests
        ? Finding(.pass, "the processor and KVM offer it") : Finding(.skip, "neither AMD SEV nor Intel TDX is on here")
    }
  }

  private var memoryLock: Requirement {
    Requirement(
      id: "memory-lock", what: "memory can be locked",
      reason: "guests with passthrough or locked memory need all of theirs",
      isFatal: false,
      remedy: "on the host: \(context.engine) config set \(context.hostname) limits.kernel.memlock unlimited"
    ) {
      do throws(SystemError) {
        guard let hard = try MemoryLockProbe().run().hard else {
          return Finding(.pass, "this process may lock all it has")
        }
        return Finding(.skip, "this process may lock \(SizeText.short(hard)), so no guest with passthrough above that")
      } catch {
        return Finding(.skip, "\(error)")
      }
    }
  }
}
