extension KernelModuleProbe {
  /// What a person does so that a module's feature is there, now and after each boot.
  package func remedy(for module: String) -> String {
    presence(of: module) == .absent
      ? "boot a kernel that has \(module), such as Debian's linux-image-amd64; this one\(release.map { " (\($0))" } ?? "")"
        + " has no such module"
      : "modprobe \(module) && echo \(module) >/etc/modules-load.d/nestor-\(module).conf"
  }
}
