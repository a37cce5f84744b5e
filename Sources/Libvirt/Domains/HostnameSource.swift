import CLibvirt

/// Where a guest's host name is got from; nothing set leaves it to the driver, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetHostnameFlags.
public struct HostnameSource: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The leases of libvirt's networks.
  public static let lease = Self(VIR_DOMAIN_GET_HOSTNAME_LEASE)
  /// The QEMU guest agent.
  public static let guestAgent = Self(VIR_DOMAIN_GET_HOSTNAME_AGENT)
}
