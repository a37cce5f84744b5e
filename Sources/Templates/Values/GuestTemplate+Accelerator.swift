extension GuestTemplate {
  /// Who runs the guest's instructions.
  package enum Accelerator: String, Sendable, CaseIterable {
    /// KVM where it was proved to work, else TCG with a warning.
    case auto
    /// The processor, through KVM; no start without it.
    case kvm
    /// QEMU's translator.
    case tcg
  }
}
