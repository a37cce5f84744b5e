/// An address that a DHCP server offered.
package struct DHCPOffer: Sendable, Equatable {
  /// The address offered, such as "192.168.122.57".
  package let address: String
  /// The server that offers it.
  package let server: String
}
