import CLibvirt

/// An address that a network's DHCP server gave away, see
/// https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkDHCPLease.
public struct DHCPLease: Sendable, Hashable {
  /// The bridge on which it was given.
  public let interface: String
  /// When it ends, in seconds since 1970; nil for one that does not.
  public let expiry: Int64?
  /// Whether it is of IPv6.
  public let isIPv6: Bool
  /// The MAC address of the guest's NIC; DHCPv6 may not tell it.
  public let mac: String?
  /// The identity association of DHCPv6.
  public let iaid: String?
  /// The address.
  public let address: String
  /// The length of the network's prefix, in bits.
  public let prefix: UInt32
  /// The name that the guest asked for.
  public let hostname: String?
  /// The identifier that the guest sent, or its DUID.
  public let clientID: String?

  init?(_ lease: virNetworkDHCPLease) {
    guard let interface = lease.iface, let address = lease.ipaddr else { return nil }
    self.interface = String(cString: interface)
    self.address = String(cString: address)
    expiry = lease.expirytime > 0 ? lease.expirytime : nil
    isIPv6 = lease.type == Int32(VIR_IP_ADDR_TYPE_IPV6.rawValue)
    mac = lease.mac.map { String(cString: $0) }
    iaid = lease.iaid.map { String(cString: $0) }
    prefix = lease.prefix
    hostname = lease.hostname.map { String(cString: $0) }
    clientID = lease.clientid.map { String(cString: $0) }
  }
}
