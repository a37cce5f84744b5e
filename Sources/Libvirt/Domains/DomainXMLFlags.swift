import CLibvirt

/// Which XML of a domain is asked for, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainXMLFlags.
public struct DomainXMLFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// With passwords; not on a read-only connection.
  public static let secure = Self(VIR_DOMAIN_XML_SECURE)
  /// As of its next start.
  public static let inactive = Self(VIR_DOMAIN_XML_INACTIVE)
  /// With the CPU's features spelled out.
  public static let updateCPU = Self(VIR_DOMAIN_XML_UPDATE_CPU)
  /// As it may be sent to another host.
  public static let migratable = Self(VIR_DOMAIN_XML_MIGRATABLE)
}
