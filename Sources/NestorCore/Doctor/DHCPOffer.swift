/// An address that a DHCP server offered.
struct DHCPOffer: Sendable, Equatable {
  /// The address offered, such as "192.168.122.57".
  let address: String
  /// The server that offers it.
  let server: String
}
