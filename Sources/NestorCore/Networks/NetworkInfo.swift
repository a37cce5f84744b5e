/// A network of libvirt, whether Nestor made it or not.
public struct NetworkInfo: Sendable, Equatable, Codable {
  /// An address that its DHCP server keeps.
  public struct Reservation: Sendable, Equatable, Codable {
    /// The address.
    public var address: String
    /// The MAC address of the NIC that gets it.
    public var mac: String?
    /// The name that leads to it.
    public var name: String?
  }

  /// Its name.
  public var name: String
  /// Its UUID.
  public var uuid: String
  /// Whether it runs.
  public var isActive: Bool
  /// Whether it starts with libvirt.
  public var autostart: Bool
  /// How it reaches further, in libvirt's word; `isolated` where it does not.
  public var reach: String
  /// Its bridge.
  public var bridge: String?
  /// The ranges of its addresses.
  public var subnets: [String]
  /// The container's own addresses on it.
  public var gateways: [String]
  /// What DHCP gives out, as first and last address.
  public var ranges: [String]
  /// What DHCP keeps for guests.
  public var reservations: [Reservation]
  /// The domain of its guests' names.
  public var domain: String?
  /// The largest packet in bytes; nil where that was not said.
  public var mtu: Int?
  /// Whether Nestor made it.
  public var isOurs: Bool
  /// The guests that are attached to it, running or not.
  public var guests: [String]
}
