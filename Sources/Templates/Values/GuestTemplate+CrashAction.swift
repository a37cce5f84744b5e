extension GuestTemplate {
  /// What happens when the guest's kernel panics, <https://libvirt.org/formatdomain.html#events-configuration>.
  package enum CrashAction: String, Sendable, CaseIterable {
    /// The guest goes off.
    case destroy
    /// The guest boots again.
    case restart
    /// The guest stops, and its memory stays to be looked at.
    case preserve
  }
}
