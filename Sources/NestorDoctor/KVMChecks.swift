import Glibc
import NestorSupport
import Probes

/// Whether guests run at the processor's speed.
struct KVMChecks: Sendable {
  let context: DoctorContext

  private static let device = "/dev/kvm"

  var requirements: [Requirement] { [speed, access] }

  private var speed: Requirement {
    .kvm(
      isFatal: context.requiresKVM, remedy: KVMRemedy(instance: context.instance, root: context.root),
      denied: context.isRoot ? nil : context.needsRoot
    ) { [context] in
      let result = context.probeKVM(context.root.path(Self.device))
      context.forgetOtherVerdict(than: result.status == .usable)
      return result
    }
  }

  private var access: Requirement {
    Requirement(
      id: "kvm-access", what: "QEMU's user may open /dev/kvm",
      reason: "libvirt runs QEMU as a user of its own, and root's rights do not help that one",
      isFatal: context.requiresKVM, remedy: KVMRemedy.permissions
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
    steps.append(KVMRemedy.permissions)
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
