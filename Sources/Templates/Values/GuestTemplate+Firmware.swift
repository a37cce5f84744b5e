extension GuestTemplate {
  /// A guest's firmware.
  public enum Firmware: String, Sendable, CaseIterable {
    /// SeaBIOS.
    case bios
    /// OVMF; libvirt picks the image.
    case uefi
  }
}
