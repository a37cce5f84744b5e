/// The keys of `smbios`.
enum SMBIOSKeys {
  static let oemStrings = Key(
    "oemStrings", Codec.list(.text(.notEmpty)), default: [],
    "The OEM strings (type 11) that the guest finds; systemd reads credentials from there.")
  static let table = KeyTable("smbios", [oemStrings.description])

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate.SMBIOS {
    GuestTemplate.SMBIOS(oemStrings: map[oemStrings])
  }
}
