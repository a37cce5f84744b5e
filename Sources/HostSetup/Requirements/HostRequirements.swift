import Glibc
import NestorSupport
import Probes

/// All that a host needs so that guests run in its containers, each with the way to find out and the way to mend it.
///
/// Nothing here changes anything: what can be mended needs a person's decision, such as a module to load for good.
package struct HostRequirements: Sendable {
  let root: SystemRoot
  /// The daemon, or why there is none.
  let daemon: Result<ContainerDaemon, NestorError>
  /// What was chosen to be handed in on request.
  let extras: Set<String>
  var probeKVM: @Sendable (String) -> KVMProbe.Result = { KVMProbe(devicePath: $0).run() }

  /// The requirements of this machine, or of a tree made for a test.
  package init(
    daemon: Result<ContainerDaemon, NestorError>, extras: Set<String> = [], root: SystemRoot = .machine
  ) {
    self.daemon = daemon
    self.extras = extras
    self.root = root
  }

  /// The requirements, in the order of their results.
  package var all: [Requirement] {
    processor + devices + [modules, vsockTransport, vsockNamespaces] + users + daemonRequirements + network + onRequest
  }

  /// Checks all of them.
  package func examine() async -> [CheckResult] {
    let requirements = all
    let findings = await Requirement.check(requirements, limit: .seconds(60))
    return zip(requirements, findings).map { CheckResult($0, $1) }
  }

  // MARK: Processor

  private var processor: [Requirement] {
    [
      Requirement(
        id: "cpu", what: "the processor can run virtual machines",
        reason: "KVM is a driver for what the processor does",
        isFatal: false,
        remedy: "turn on VT-x (Intel) or SVM (AMD) in the machine's firmware; in a virtual machine turn on nested"
          + " virtualization outside of it. Guests are emulated meanwhile"
      ) { [root] in
        let result = CPUVirtualizationProbe(root: root).run()
        guard let kind = result.virtualization else {
          let place = result.isVirtualMachine ? "; this is a virtual machine itself" : ""
          return Finding(.fail, "\(result.vendor ?? "the processor") shows neither svm nor vmx\(place)")
        }
        return Finding(.pass, "\(result.vendor ?? "the processor") with \(kind.rawValue), driven by \(kind.module)")
      },
      .kvm(
        isFatal: false, remedy: KVMRemedy(root: root),
        denied: geteuid() == 0 ? nil : Finding(.skip, "only root, or a member of the group kvm, can try this")
      ) { [root, probeKVM] in probeKVM(root.path("/dev/kvm")) },
    ]
  }

  // MARK: Devices and modules

  private var devices: [Requirement] {
    let extra = extras.sorted().flatMap(PassthroughDevice.devices)
    return (PassthroughDevice.standard.filter { $0.name != "kvm" } + extra).map { device in
      Requirement(
        id: "device-\(device.name)", what: "\(device.path) can be handed in", reason: device.reason,
        isFatal: device.isFatal, remedy: device.remedy(root)
      ) { [root] in Self.look(at: device, root) }
    }
  }

  private static func look(at device: PassthroughDevice, _ root: SystemRoot) -> Finding {
    let presence = KernelModuleProbe(root: root).presence(of: device.module)
    do throws(SystemError) {
      let found = try DeviceProbe(path: root.path(device.path)).run()
      guard found.isCharacterDevice else {
        return Finding(.fail, "\(device.path) is no device", remedy: "rm \(device.path) && modprobe \(device.module)")
      }
      return Finding(.pass, "\(device.path) is there (device \(found.major):\(found.minor))")
    } catch {
      guard error.number == ENOENT else { return Finding(.fail, "\(error)") }
    }
    if presence == .loadable, KernelModuleProbe(root: root).canLoad {
      return Finding(.pass, "\(device.path) comes with the module \(device.module), which the daemon loads")
    }
    return Finding(
      .fail,
      presence.isPresent
        ? "there is no \(device.path), although the kernel has \(device.module)"
        : "there is no \(device.path), and no module \(device.module) to load")
  }

  private var modules: Requirement {
    Requirement(
      id: "modules", what: "the daemon can load modules",
      reason: "what a profile names in linux.kernel_modules is loaded when a container starts; where that fails the"
        + " container does not start",
      isFatal: false, remedy: "nothing needs to be done: nestor-host then names no modules"
    ) { [root] in
      let probe = KernelModuleProbe(root: root)
      return probe.canLoad
        ? Finding(.pass, "modprobe and the modules of \(probe.release ?? "this kernel") are there")
        : Finding(.skip, "there is no modprobe, or no module for \(probe.release ?? "this kernel"): none will be named")
    }
  }

  // MARK: vsock

  private var vsockTransport: Requirement {
    Requirement(
      id: "vsock-transport", what: "no other hypervisor's driver holds vsock",
      reason: "the kernel takes one driver for sockets towards guests: with VMware's, vhost_vsock does not load",
      isFatal: false, remedy: "modprobe -r vmw_vsock_vmci_transport && modprobe vhost_vsock"
    ) { [root] in
      let probe = KernelModuleProbe(root: root)
      let others = ["vmw_vsock_vmci_transport"].filter { probe.presence(of: $0) == .loaded }
      guard others.isEmpty else { return Finding(.fail, "\(others.joined(separator: ", ")) is loaded") }
      return Finding(.pass, "no driver of another hypervisor is loaded")
    }
  }

  /// See <https://docs.kernel.org/admin-guide/sysctl/net.html> on vsock, of Linux 7.0 and later.
  private var vsockNamespaces: Requirement {
    Requirement(
      id: "vsock-namespace", what: "who may reach guests by vsock is known",
      reason: "before Linux 7.0 every process of the host and of every container reaches every guest by its context ID;"
        + " nestor's agents ask for a key",
      isFatal: false, remedy: "nothing needs to be done"
    ) { [root] in
      guard let mode = root.value("/proc/sys/net/vsock/child_ns_mode") else {
        return Finding(.pass, "vsock is one space for the whole machine; guests' agents ask every caller for a key")
      }
      return Finding(
        .pass,
        mode == "local"
          ? "new network namespaces have a vsock space of their own: guests are reached from their container only"
          : "new network namespaces share the machine's vsock space (child_ns_mode \(mode)); it can be set once, to local,"
            + " and only before containers start")
    }
  }

  // MARK: Users

  private static let neededUsers = 65536

  private var users: [Requirement] {
    [
      Requirement(
        id: "id-map", what: "root has 65536 users to give to a container",
        reason:
          "an unprivileged container's root is a user of the host that owns nothing; QEMU's user is one of the others",
        isFatal: true,
        remedy: "echo root:1000000:1000000000 | tee -a /etc/subuid >>/etc/subgid, then restart the daemon"
      ) { [root] in
        let counts = ["/etc/subuid", "/etc/subgid"].map { path in
          root.lines(path).compactMap { line -> Int? in
            let fields = line.split(separator: ":")
            guard fields.count == 3, fields[0] == "root" || fields[0] == "0" || fields[0] == "_lxd" else { return nil }
            return Int(fields[2])
          }.max()
        }
        if counts.allSatisfy({ $0 == nil }) {
          return Finding(.pass, "/etc/subuid says nothing of root, so the daemon takes its own range")
        }
        let least = counts.compactMap(\.self).min() ?? 0
        guard counts.allSatisfy({ $0 != nil }), least >= Self.neededUsers else {
          return Finding(
            .fail, "/etc/subuid and /etc/subgid give root \(least) users, not the same number in both or too few")
        }
        return Finding(.pass, "\(least) users")
      },
      Requirement(
        id: "user-namespaces", what: "the kernel makes user namespaces", reason: "every unprivileged container is one",
        isFatal: true, remedy: "sysctl -w user.max_user_namespaces=15000"
      ) { [root] in
        guard let most = root.number("/proc/sys/user/max_user_namespaces", as: Int.self) else {
          return Finding(.fail, "the kernel has none")
        }
        return most > 0 ? Finding(.pass, "\(most) at most") : Finding(.fail, "none is allowed")
      },
      Requirement(
        id: "cgroup", what: "the daemon can limit containers", reason: "limits.cpu, limits.memory and limits.processes",
        isFatal: false, remedy: "boot with systemd.unified_cgroup_hierarchy=1"
      ) { [root] in
        let result = CgroupProbe(root: root).run()
        let names = result.controllers.map(\.rawValue).sorted().joined(separator: ", ")
        return names.isEmpty
          ? Finding(.fail, "there are no controllers (cgroup \(result.version.rawValue))")
          : Finding(.pass, "cgroup \(result.version.rawValue) with \(names)")
      },
    ]
  }
}
