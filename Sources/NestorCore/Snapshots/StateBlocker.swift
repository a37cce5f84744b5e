import DomainXML
import Libvirt

/// Why libvirt or QEMU cannot save a guest's state, known before they are asked: they would say so late, in words that name no
/// way out, or write for minutes first.
struct StateBlocker {
  let cause: String
  let hint: String

  /// Nil where nothing is in the way; `isActive` is whether the guest runs or is paused.
  init?(to operation: StateOperation, of definition: DomainDefinition, isActive: Bool, libvirt: Version) {
    let question = StateRule.Question(
      operation: operation, definition: definition, isActive: isActive, libvirt: libvirt)
    for rule in StateRule.all where rule.conditions[operation]?.isMet(question) == false {
      guard let cause = rule.cause(question) else { continue }
      (self.cause, hint) = (cause, rule.hint(question))
      return
    }
    return nil
  }
}

extension LockedGuest {
  /// What is in the way of an operation on the guest, which runs; `definition` is its own, or that of a snapshot.
  func blocker(to operation: StateOperation, of definition: DomainDefinition) async throws -> StateBlocker? {
    let version = try await attempt { try await hypervisor.connection.libvirtVersion() }
    return StateBlocker(to: operation, of: definition, isActive: true, libvirt: version)
  }
}
