import NestorSupport

extension Requirement {
  /// KVM runs code at the processor's speed.
  ///
  /// `probe` runs the loop and blocks while it does. `denied` is what is found where /dev/kvm may not be opened by a user
  /// who cannot change that; nil makes it a failure like any other.
  package static func kvm(
    isFatal: Bool, remedy: KVMRemedy, denied: Finding?, probe: @escaping @Sendable () -> KVMProbe.Result
  ) -> Requirement {
    Requirement(
      id: "kvm", what: "KVM runs code at the processor's speed",
      reason: "without KVM guests are emulated (TCG), some ten times slower", isFatal: isFatal,
      remedy: "nestor runs guests by emulation meanwhile"
    ) {
      let result = await BlockingWork.run(probe)
      if result.status == .usable { return Finding(.pass, result.sentence) }
      if case .unavailable(.permissionDenied) = result.status, let denied { return denied }
      return Finding(.fail, result.sentence, remedy: remedy.text(for: result.status))
    }
  }
}
