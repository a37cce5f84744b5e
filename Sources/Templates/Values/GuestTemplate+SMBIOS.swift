extension GuestTemplate {
  /// What the guest finds in its SMBIOS tables.
  public struct SMBIOS: Sendable, Equatable {
    /// The OEM strings (type 11), in order.
    public var oemStrings: [String]
  }
}
