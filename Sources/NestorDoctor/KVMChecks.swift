import Glibc
import NestorSupport
import Probes

/// Whether guests run at the processor's speed.
struct KVMChecks: Sendable {
  let context: DoctorContext

  private static let device = "/dev/kvm"

  var requirements: [Requirement] { [speed, access] }

  private var speed: Requirement {
    Requirement(
      id: "kvm", what: "KVM runs code at the processor's speed",
      reason: "without KVM guests are emulated (TCG), some ten times slower", isFatal: context.requiresKVM,
      remedy: "nestor runs guests by emulation meanwhile"
    ) { [context] in
      let result = await BlockingWork.run { context.probeKVM(context.root.path(Self.device)) }
      context.forgetOtherVerdict(than: result.status == .usable)
      if result.status == .usable { return Finding(.pass, result.sentence) }
      if case .unavailable(.permissionDenied) = result.status, !context.isRoot { return context.needsRoot }
      return Finding(.fail, result.sentence, remedy: remedy(for: result.status))
    }
  }

  private func remedy(for status: KVMProbe.Status) -> String {
    switch status {
    case .usable: ""
    case .tooSlow, .wrongResult:
      "nothing helps inside: move to a machine whose kernel uses the processor's virtualization; meanwhile nestor runs"
        + " guests by emulation"
    case .unavailable(.noDevice), .unavailable(.noDriver), .unavailable(.notKVM): absenceRemedy
    case .unavailable(.permissionDenied) where context.container.isContainer:
      "on the host: \(context.engine) config device set \(context.hostname) kvm mode=0660, and look for denials there:"
        + " journalctl -k | grep -E 'apparmor|kvm'"
    case .unavailable(.permissionDenied): "chown root:kvm /dev/kvm && chmod 0660 /dev/kvm"
    case .unavailable(.busy): "stop the other hypervisor, such as VirtualBox or VMware, on the host"
    case .unavailable(.hung), .unavailable(.died), .unavailable(.unexpectedExit), .unavailable(.oddVersion),
      .unavailable(.failed):
      "look at the host's kernel log: journalctl -k | grep -i kvm"
    case .unavailable(.unsupportedProcessor): "use an x86-64 machine"
    }
  }

  private var absenceRemedy: String {
    let module = CPUVirtualizationProbe(root: context.root).run().fittingModule ?? "kvm"
    let remedy = DeviceRemedy(context: context, path: Self.device, module: module)
    return switch KVMAbsence(root: context.root) {
    case .notHandedIn: "on the host: \(remedy.handIn)"
    case .noDeviceFile: "mknod /dev/kvm c 10 232 && chown root:kvm /dev/kvm && chmod 0660 /dev/kvm"
    case .moduleNotLoaded: remedy.text
    case .noNestedVirtualization:
      "this is a virtual machine: on the machine that runs it, turn nested virtualization on (modprobe kvm_intel"
        + " nested=1, or kvm_amd nested=1) and give it the CPU model host-passthrough"
    case .noHardware: "turn on VT-x (Intel) or SVM (AMD) in the machine's firmware, if its processor has it"
    case .kernelWithoutKVM: "boot a kernel with KVM, such as Debian's linux-image-amd64"
    }
  }

  private var access: Requirement {
    Requirement(
      id: "kvm-access", what: "QEMU's user may open /dev/kvm",
      reason: "libvirt runs QEMU as a user of its own, and root's rights do not help that one",
      isFatal: context.requiresKVM, remedy: "chown root:kvm /dev/kvm && chmod 0660 /dev/kvm"
    ) { [context] in
      let path = context.root.path(Self.device)
      guard FileTree.exists(path) else { return Finding(.skip, "there is no /dev/kvm") }
      guard context.isRoot else { return context.needsRoot }
      let capabilities = try? await context.libvirt.capabilities()
      let account: QEMUAccount
      do throws(NestorError) {
        account = try QEMUAccount(context: context, capabilities: capabilities)
      } catch {
        return Finding(.fail, error.message, remedy: error.hint)
      }
      let outcome = await BlockingWork.run { AccessProbe(path: path).run(as: account.identity) }
      return switch outcome {
      case .granted: Finding(.pass, "\(account.name) opens /dev/kvm (the user is \(account.source)'s)")
      case .untested(let failure): Finding(.skip, "it could not be tried: \(failure)")
      case .denied(let failure):
        Finding(
          .fail, "\(account.name), whom QEMU runs as, may not open /dev/kvm (\(failure.reason))",
          remedy: accessRemedy(account))
      }
    }
  }

  /// Either the group has no rights, or the user is in no group that has them.
  private func accessRemedy(_ account: QEMUAccount) -> String {
    let groups = QEMUAccount.groupNumbers(context)
    var steps: [String] = []
    if groups["kvm"] == nil { steps.append("groupadd --system kvm") }
    if groups["kvm"].map({ !account.identity.groups.contains($0) }) ?? true {
      steps.append("usermod --append --groups kvm \(account.name)")
    }
    steps += ["chown root:kvm /dev/kvm", "chmod 0660 /dev/kvm"]
    let now = steps.joined(separator: " && ")
    guard context.container.isContainer, let group = groups["kvm"] else { return now }
    return now
      + "\nfor good, on the host: \(context.engine) config device set \(context.hostname) kvm mode=0660 gid=\(group)"
  }
}

extension DoctorContext {
  /// Drops what other programs remember of KVM since the last boot where it is wrong by now.
  fileprivate func forgetOtherVerdict(than isUsable: Bool) {
    for name in (try? FileTree.names(in: state.runtime)) ?? [] where name.hasPrefix("kvm-") {
      let path = "\(state.runtime)/\(name)"
      guard let text = try? FileTree.readText(path, limit: 4096) else { continue }
      if text.hasPrefix("usable\n") != isUsable { try? FileTree.remove(path) }
    }
  }

  /// What a check says that only root can try.
  var needsRoot: Finding { Finding(.skip, "only root can try this: run doctor as root") }
}
