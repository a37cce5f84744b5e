/// Finds whether the kernel has a module's feature: loaded, built in, or waiting on disk.
///
/// See modules.builtin(5), modules.dep(5) and <https://docs.kernel.org/admin-guide/sysfs-rules.html>.
package struct KernelModuleProbe: Sendable {
  /// Where /proc, /sys and /lib lie.
  package var root: SystemRoot

  package init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// Where a module's feature is.
  package enum Presence: String, Sendable {
    /// It is there as a module.
    case loaded
    /// It is there as a part of the kernel.
    case builtIn
    /// It is not there, and modprobe would find the module.
    case loadable
    /// It is not there, and there is no such module for this kernel.
    case absent

    /// The feature is there now.
    package var isPresent: Bool { self == .loaded || self == .builtIn }
  }

  /// The kernel's release, such as "6.12.1-amd64"; nil without /proc.
  package var release: String? { root.value("/proc/sys/kernel/osrelease") }

  /// Where the feature of `module` is: its name with "_" or "-", such as "vhost_net".
  package func presence(of module: String) -> Presence {
    let module = Self.normalized(module)
    if root.lines("/proc/modules").contains(where: { line in line.prefix { $0 != " " } == module }) { return .loaded }
    if root.exists("/sys/module/\(module)") || miscMinor(of: module) != nil || listed(module, in: "modules.builtin") {
      return .builtIn
    }
    return listed(module, in: "modules.dep") ? .loadable : .absent
  }

  /// The state of a module's parameter, such as "nested" of "kvm_amd"; nil where there is none.
  package func parameter(_ name: String, of module: String) -> String? {
    root.value("/sys/module/\(Self.normalized(module))/parameters/\(name)")
  }

  /// Whether modprobe and a module tree for this kernel are there: without either, asking LXD to load any module keeps
  /// the container from starting.
  package var canLoad: Bool {
    moduleFolder != nil
      && ["/sbin/modprobe", "/usr/sbin/modprobe", "/bin/modprobe", "/usr/bin/modprobe"].contains(where: root.exists)
  }

  private var moduleFolder: String? {
    guard let release else { return nil }
    return ["/lib/modules/\(release)", "/usr/lib/modules/\(release)"].first { root.exists("\($0)/modules.dep") }
  }

  /// The minor number of the driver's device in /proc/misc, where what is built in without parameters shows alone; nil where
  /// it has none there. The major number is 10, see <https://docs.kernel.org/admin-guide/devices.html>.
  func miscMinor(of module: String) -> Int? {
    let devices = [
      "kvm": "kvm", "tun": "tun", "vhost_net": "vhost-net", "vhost_vsock": "vhost-vsock", "vsock": "vsock",
      "vfio": "vfio", "fuse": "fuse", "loop": "loop-control",
    ]
    guard let device = devices[Self.normalized(module)] else { return nil }
    let entries = root.lines("/proc/misc").map { $0.split(separator: " ") }
    return entries.first { $0.count == 2 && $0[1] == device }.flatMap { Int($0[0]) }
  }

  private func listed(_ module: String, in file: String) -> Bool {
    guard let release else { return false }
    return ["/lib/modules", "/usr/lib/modules"].contains { folder in
      root.lines("\(folder)/\(release)/\(file)").contains { line in
        let path = line.prefix { $0 != ":" }
        let name = path.split(separator: "/").last ?? ""
        return Self.normalized(name.prefix { $0 != "." }) == module
      }
    }
  }

  private static func normalized(_ name: some StringProtocol) -> String {
    String(name.map { $0 == "-" ? "_" : $0 })
  }
}
