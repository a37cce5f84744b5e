/// What a person does so that a device is there: by its kernel module on a host, by passing it through in a container.
package struct DeviceRemedy: Sendable {
  private let path: String
  private let module: String
  private let instance: ContainerInstance?
  private let modules: KernelModuleProbe

  /// The remedy for the device that `module` makes at `path`; `instance` is the container that lacks it, nil on a host.
  package init(path: String, module: String, instance: ContainerInstance? = nil, root: SystemRoot = .machine) {
    self.path = path
    self.module = module
    self.instance = instance
    modules = KernelModuleProbe(root: root)
  }

  /// Commands, or a sentence where no command helps.
  package var text: String {
    let presence = modules.presence(of: module)
    if let instance {
      let command = instance.passThrough(path)
      return "on the host: " + (presence.isPresent ? command : "modprobe \(module) && \(command)")
    }
    guard presence.isPresent else { return modules.remedy(for: module) }
    // The kernel makes the file with the device, so somebody has taken it away, or /dev is none of the kernel's.
    return modules.miscMinor(of: module).map { "mknod -m 0660 \(path) c 10 \($0)" }
      ?? "modprobe -r \(module) && modprobe \(module)"
  }
}
