extension GuestTemplate {
  /// A TPM.
  package enum TrustedPlatformModule: String, Sendable, CaseIterable {
    /// No TPM.
    case none
    /// An emulated TPM 2.0 (swtpm).
    case version2 = "2.0"
  }
}
