/// A NIC of a guest as a list shows it.
package struct NICSummary: Sendable, Equatable, Codable {
  /// Its place in the list, from 0.
  package var index: Int
  /// Its MAC address.
  package var mac: String
  /// What it is attached to, such as `network default`.
  package var source: String
  /// The card that the guest sees.
  package var model: String
  /// Whether its cable is plugged in.
  package var isLinkUp: Bool
  /// Its addresses, as the DHCP servers of libvirt's networks know them.
  package var addresses: [String]
  /// Its device on the container's side; nil while the guest does not run.
  package var device: String?
}
