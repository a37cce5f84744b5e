extension GuestTemplate {
  /// The memory balloon, <https://libvirt.org/formatdomain.html#memory-balloon-device>.
  package struct Balloon: Sendable, Equatable {
    /// Whether the guest has one.
    package var enabled: Bool
    /// How often the guest tells of its memory, in seconds; 0 is never.
    package var statsPeriod: Int
    /// Whether the guest tells of memory that it has freed, which the host then gets back.
    package var freePageReporting: Bool
  }
}
