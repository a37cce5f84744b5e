extension GuestTemplate {
  /// What the guest finds in its SMBIOS tables.
  package struct SMBIOS: Sendable, Equatable {
    /// The OEM strings (type 11), in order.
    package var oemStrings: [String]
  }
}
