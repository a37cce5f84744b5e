/// A network of libvirt, whether Nestor made it or not.
package struct NetworkInfo: Sendable, Equatable, Codable {
  /// An address that its DHCP server keeps.
  package struct Reservation: Sendable, Equatable, Codable {
    package var address: String
    /// The MAC address of the NIC that gets it.
    package var mac: String?
    /// The name that leads to it.
    package var name: String?
  }

  package var name: String
  package var uuid: String
  /// Whether it runs.
  package var isActive: Bool
  /// Whether it starts with libvirt.
  package var autostart: Bool
  /// How it reaches further, in libvirt's word; `isolated` where it does not.
  package var reach: String
  package var bridge: String?
  /// The ranges of its addresses.
  package var subnets: [String]
  /// The container's own addresses on it.
  package var gateways: [String]
  /// What DHCP gives out, as first and last address.
  package var ranges: [String]
  /// What DHCP keeps for guests.
  package var reservations: [Reservation]
  /// The domain of its guests' names.
  package var domain: String?
  /// The largest packet in bytes; nil where that was not said.
  package var mtu: Int?
  /// Whether Nestor made it.
  package var isOurs: Bool
  /// The guests that are attached to it, running or not.
  package var guests: [String]
}
