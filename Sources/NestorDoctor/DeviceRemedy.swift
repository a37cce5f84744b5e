import Probes

/// How a device comes to be there: by its kernel module on a host, from the host in a container.
struct DeviceRemedy: Sendable {
  let context: DoctorContext
  /// The device file.
  let path: String
  /// The kernel module behind it.
  let module: String

  private var isContainer: Bool { context.container.isContainer || context.container.isUnprivileged }

  private var presence: KernelModuleProbe.Presence { KernelModuleProbe(root: context.root).presence(of: module) }

  /// The command by which the host hands the device in.
  var handIn: String {
    let name = path.split(separator: "/").last ?? ""
    let group = QEMUAccount.groupNumbers(context)["kvm"].map { " gid=\($0)" } ?? ""
    return "\(context.engine) config device add \(context.hostname) \(name) unix-char path=\(path) mode=0660\(group)"
  }

  /// What a person does when the device is missing.
  var text: String {
    if isContainer {
      return presence.isPresent ? "on the host: \(handIn)" : "on the host: modprobe \(module) && \(handIn)"
    }
    return switch presence {
    case .loadable: "modprobe \(module) && echo \(module) > /etc/modules-load.d/nestor-\(module).conf"
    case .absent: "boot a kernel that has \(module), such as Debian's linux-image-amd64; this one has no such module"
    case .loaded, .builtIn:
      "the kernel has \(module), and only the file is missing: udevadm trigger --name-match=\(path)"
    }
  }
}
