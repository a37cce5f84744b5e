import CLibvirt

/// What the QEMU guest agent is asked about; nothing set means all that it knows, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGuestInfoTypes.
public struct GuestInfoKinds: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Who is logged in.
  public static let users = Self(VIR_DOMAIN_GUEST_INFO_USERS)
  /// The operating system.
  public static let operatingSystem = Self(VIR_DOMAIN_GUEST_INFO_OS)
  /// The time zone.
  public static let timeZone = Self(VIR_DOMAIN_GUEST_INFO_TIMEZONE)
  /// The host's name.
  public static let hostname = Self(VIR_DOMAIN_GUEST_INFO_HOSTNAME)
  /// The file systems.
  public static let fileSystems = Self(VIR_DOMAIN_GUEST_INFO_FILESYSTEM)
  /// The disks.
  public static let disks = Self(VIR_DOMAIN_GUEST_INFO_DISKS)
  /// The network interfaces.
  public static let interfaces = Self(VIR_DOMAIN_GUEST_INFO_INTERFACES)
}
