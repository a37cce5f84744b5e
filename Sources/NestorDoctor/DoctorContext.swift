import Glibc
import Libvirt
import NestorSupport
import Probes
import Processes

/// All that the doctor's checks look at, so that a test can put something else in its place.
struct DoctorContext: Sendable {
  /// Where /proc, /sys, /dev and /etc lie.
  var root = SystemRoot.machine
  /// This process may do what root does.
  var isRoot = geteuid() == 0
  /// The machine's name, which an LXD or Incus container takes from its instance.
  var hostname = DoctorContext.machineName()
  /// Guests must have KVM, not only should.
  var requiresKVM = false
  /// Nestor's folders.
  var state: StateDirectory
  var libvirt: LibvirtAccess
  /// The URI, for messages.
  var uri: String
  var probeKVM: @Sendable (String) -> KVMProbe.Result = { KVMProbe(devicePath: $0).run() }
  /// Asks for an address on a bridge.
  var askForAddress: @Sendable (_ bridge: String) -> Result<DHCPOffer, DHCPProbe.Failure> = { bridge in
    Result { () throws(DHCPProbe.Failure) in try DHCPProbe(bridge: bridge).run() }
  }
  /// Asks a file system for its room.
  var probeSpace: @Sendable (String) -> Result<DiskSpaceProbe.Result, SystemError> = { path in
    Result { () throws(SystemError) in try DiskSpaceProbe(path: path).run() }
  }
  /// Restarts the daemon; answers with what it did, for people.
  var restartDaemon: @Sendable () async throws -> String = { try await LibvirtDaemon().restart() }
  /// Has a service started now, and with the machine; where systemd does not run, it is not needed.
  var enableService: @Sendable (_ name: String) async throws -> Void = { name in
    guard LibvirtDaemon().hasSystemd else { return }
    let systemctl = Program("systemctl", package: "systemd")
    try await systemctl.run(["daemon-reload"])
    try await systemctl.run(["enable", "-q", "--now", name])
  }
  /// Has the kernel take AppArmor's rules of a file anew.
  var reloadProfile: @Sendable (_ path: String) async throws -> Void = { path in
    try await Program("apparmor_parser", package: "apparmor").run(["--replace", path])
  }
  /// Takes sentences that the user should see while something is mended.
  var note: @Sendable (String) -> Void = { _ in }

  /// The container that this is, if any.
  var container: ContainerProbe.Result { ContainerProbe(root: root).run() }

  /// How the container's manager is called from the host's command line.
  var engine: String { Self.engine(of: container) }

  private static func engine(of container: ContainerProbe.Result) -> String {
    container.guestInterface == "incus" ? "incus" : "lxc"
  }

  /// This container as its host's commands name it; nil where this is no container.
  var instance: ContainerInstance? {
    let container = container
    guard container.isContainer || container.isUnprivileged else { return nil }
    return ContainerInstance(
      engine: Self.engine(of: container), name: hostname, kvmGroup: QEMUAccount.groupNumbers(self)["kvm"])
  }

  /// A file's text below the root; nil where it cannot be read.
  func text(_ path: String) -> String? { root.text(path) }

  /// Whether there is a file of this path below the root.
  func has(_ path: String) -> Bool { root.exists(path) }

  private static func machineName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "CONTAINER" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
