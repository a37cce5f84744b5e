/// Why there is most likely no /dev/kvm, by what the kernel and the processor say of themselves.
package enum KVMAbsence: Sendable, Equatable {
  /// The kernel has KVM, and the device is not passed through to this container.
  case notPassedThrough
  /// The kernel has KVM, and only the device file is missing.
  case noDeviceFile
  /// The processor could, and this module is not loaded.
  case moduleNotLoaded(String)
  /// This is a virtual machine whose host does not pass virtualization on.
  case noNestedVirtualization
  /// The processor has no virtualization, or the firmware has turned it off.
  case noHardware
  /// This kernel was built without KVM.
  case kernelWithoutKVM

  /// Judges the machine below `root`.
  package init(root: SystemRoot = .machine) {
    let modules = KernelModuleProbe(root: root)
    let processor = CPUVirtualizationProbe(root: root).run()
    // The kernel registers the device when KVM has found the processor fit: /proc/misc tells even inside a container.
    if root.lines("/proc/misc").contains(where: { $0.split(separator: " ").last == "kvm" }) {
      self = ContainerProbe(root: root).run().isContainer ? .notPassedThrough : .noDeviceFile
    } else if let virtualization = processor.virtualization {
      let isLoadable = modules.presence(of: virtualization.module) == .loadable
      self = isLoadable ? .moduleNotLoaded(virtualization.module) : .kernelWithoutKVM
    } else {
      self = processor.isVirtualMachine ? .noNestedVirtualization : .noHardware
    }
  }
}
