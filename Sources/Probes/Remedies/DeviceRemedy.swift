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
    return presence.isPresent
      ? "the kernel has \(module), and only the file is missing: udevadm trigger --name-match=\(path)"
      : modules.remedy(for: module)
  }
}
