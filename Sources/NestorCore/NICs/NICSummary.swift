/// A NIC of a guest as a list shows it.
public struct NICSummary: Sendable, Equatable, Codable {
  /// Its place in the list, from 0.
  public var index: Int
  /// Its MAC address.
  public var mac: String
  /// What it is attached to, such as `network default`.
  public var source: String
  /// The card that the guest sees.
  public var model: String
  /// Whether its cable is plugged in.
  public var isLinkUp: Bool
  /// Its addresses, as the DHCP servers of libvirt's networks know them.
  public var addresses: [String]
  /// Its device on the container's side; nil while the guest does not run.
  public var device: String?
}
