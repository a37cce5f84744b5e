/// What a person does where KVM cannot be used.
package struct KVMRemedy: Sendable {
  private static let device = "/dev/kvm"
  /// The commands that let the group kvm open the device.
  package static let permissions = "chown root:kvm /dev/kvm && chmod 0660 /dev/kvm"

  private let root: SystemRoot
  private let instance: ContainerInstance?

  /// The remedy of this machine; `instance` is the container that lacks KVM, nil on a host.
  package init(instance: ContainerInstance? = nil, root: SystemRoot = .machine) {
    self.root = root
    self.instance = instance
  }

  /// Commands, or a sentence where no command helps; empty where KVM can be used.
  package func text(for status: KVMProbe.Status) -> String {
    switch status {
    case .usable: ""
    case .tooSlow, .wrongResult:
      "nothing helps here: move to a machine whose kernel uses the processor's virtualization; meanwhile nestor runs"
        + " guests by emulation"
    case .unavailable(.noDevice), .unavailable(.noDriver), .unavailable(.notKVM): text(for: KVMAbsence(root: root))
    case .unavailable(.permissionDenied):
      instance.map {
        "on the host: \($0.engine) config device set \($0.name) kvm mode=0660, and look for denials there:"
          + " journalctl -k | grep -E 'apparmor|kvm'"
      } ?? Self.permissions
    case .unavailable(.busy): "stop the other hypervisor, such as VirtualBox or VMware, on the host"
    case .unavailable(.hung), .unavailable(.died), .unavailable(.unexpectedExit), .unavailable(.oddVersion),
      .unavailable(.failed):
      "look at the host's kernel log: journalctl -k | grep -i kvm"
    case .unavailable(.unsupportedProcessor): "use an x86-64 machine"
    }
  }

  private func text(for absence: KVMAbsence) -> String {
    switch absence {
    case .notPassedThrough:
      // /proc/misc has it, so no module is missing, whatever else the container may see.
      instance.map { "on the host: \($0.passThrough(Self.device))" } ?? remedy(byModule: "kvm")
    case .moduleNotLoaded(let module): remedy(byModule: module)
    case .noDeviceFile: "mknod /dev/kvm c 10 232 && \(Self.permissions)"
    case .noNestedVirtualization:
      "this is a virtual machine: on the machine that runs it, turn nested virtualization on (modprobe kvm_intel"
        + " nested=1, or kvm_amd nested=1) and give it the CPU model host-passthrough"
    case .noHardware: "turn on VT-x (Intel) or SVM (AMD) in the machine's firmware, if its processor has it"
    case .kernelWithoutKVM: "boot a kernel with KVM, such as Debian's linux-image-amd64"
    }
  }

  private func remedy(byModule module: String) -> String {
    DeviceRemedy(path: Self.device, module: module, instance: instance, root: root).text
  }
}
