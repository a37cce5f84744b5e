import CLibvirt

/// How a domain is destroyed, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainDestroyFlagsValues.
public struct DomainDestroyFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Only by SIGTERM; an error where QEMU does not obey it.
  public static let graceful = Self(VIR_DOMAIN_DESTROY_GRACEFUL)
}
