extension GuestTemplate {
  /// A guest's firmware.
  public enum Firmware: String, Sendable, CaseIterable {
    /// SeaBIOS.
    case bios
    /// OVMF; libvirt picks the image.
    case uefi
  }

  /// Who runs the guest's instructions.
  public enum Accelerator: String, Sendable, CaseIterable {
    /// KVM where it was proved to work, else TCG with a warning.
    case auto
    /// The processor, through KVM; no start without it.
    case kvm
    /// QEMU's translator.
    case tcg
  }

  /// A TPM.
  public enum TrustedPlatformModule: String, Sendable, CaseIterable {
    /// No TPM.
    case none
    /// An emulated TPM 2.0 (swtpm).
    case version2 = "2.0"
  }

  /// A graphics adapter and its display.
  public enum Graphics: String, Sendable, CaseIterable {
    /// No graphics: the serial console alone.
    case none
    /// A virtio adapter shown by VNC on the container's loopback address.
    case vnc
  }

  /// A feature that Nestor turns on where it works, unless told otherwise. Written `auto`, `true` or `false`.
  public enum AutomaticSwitch: Sendable, Equatable {
    /// On where it works.
    case auto
    /// On, or the start fails.
    case on
    /// Off.
    case off
  }
}
