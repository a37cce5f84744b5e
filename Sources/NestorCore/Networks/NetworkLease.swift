/// An address that a network's DHCP server gave to a NIC, or keeps for one.
package struct NetworkLease: Sendable, Equatable, Codable {
  package var address: String
  /// The NIC's MAC address.
  package var mac: String?
  /// The name that leads to the address.
  package var hostname: String?
  /// The guest that has the NIC.
  package var guest: String?
  /// Whether the address is kept for the NIC.
  package var isReserved: Bool
  /// When the NIC has to ask anew, in ISO 8601 and UTC; nil for an address that nobody has at the moment.
  package var expires: String?
}
