extension GuestTemplate.NetworkCard {
  /// The limit in one direction, <https://libvirt.org/formatnetwork.html#quality-of-service>.
  public struct Rate: Sendable, Equatable {
    /// The lasting rate, in bytes a second.
    public var average: ByteSize
    /// The highest rate, in bytes a second; `nil` is the hardware's.
    public var peak: ByteSize?
    /// How much may pass at the highest rate.
    public var burst: ByteSize?
  }

  /// The limits of a card, as the guest sees them.
  public struct Bandwidth: Sendable, Equatable {
    /// Of what the guest gets; `nil` is none.
    public var inbound: Rate?
    /// Of what the guest sends; `nil` is none.
    public var outbound: Rate?
  }
}
