extension GuestTemplate {
  /// A guest's firmware.
  package enum Firmware: String, Sendable, CaseIterable {
    /// SeaBIOS.
    case bios
    /// OVMF; libvirt picks the image.
    case uefi
  }
}
