import CLibvirt

/// How a domain is defined, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainDefineFlags.
public struct DomainDefineFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Check the XML against libvirt's schema.
  public static let validate = Self(VIR_DOMAIN_DEFINE_VALIDATE)
}
