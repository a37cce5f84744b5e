extension GuestTemplate.NetworkCard {
  /// The limit in one direction, <https://libvirt.org/formatnetwork.html#quality-of-service>.
  package struct Rate: Sendable, Equatable {
    /// The lasting rate, in bytes a second.
    package var average: ByteSize
    /// The highest rate, in bytes a second; `nil` is the hardware's.
    package var peak: ByteSize?
    /// How much may pass at the highest rate.
    package var burst: ByteSize?
  }

  /// The limits of a card, as the guest sees them.
  package struct Bandwidth: Sendable, Equatable {
    /// Of what the guest gets; `nil` is none.
    package var inbound: Rate?
    /// Of what the guest sends; `nil` is none.
    package var outbound: Rate?
  }
}
