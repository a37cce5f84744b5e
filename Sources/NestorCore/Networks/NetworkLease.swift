/// An address that a network's DHCP server gave to a NIC, or keeps for one.
public struct NetworkLease: Sendable, Equatable, Codable {
  /// The address.
  public var address: String
  /// The NIC's MAC address.
  public var mac: String?
  /// The name that leads to the address.
  public var hostname: String?
  /// The guest that has the NIC.
  public var guest: String?
  /// Whether the address is kept for the NIC.
  public var isReserved: Bool
  /// When the NIC has to ask anew, in ISO 8601 and UTC; nil for an address that nobody has at the moment.
  public var expires: String?
}
