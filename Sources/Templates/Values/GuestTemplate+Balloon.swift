extension GuestTemplate {
  /// The memory balloon, <https://libvirt.org/formatdomain.html#memory-balloon-device>.
  public struct Balloon: Sendable, Equatable {
    /// Whether the guest has one.
    public var enabled: Bool
    /// How often the guest tells of its memory, in seconds; 0 is never.
    public var statsPeriod: Int
    /// Whether the guest tells of memory that it has freed, which the host then gets back.
    public var freePageReporting: Bool
  }
}
