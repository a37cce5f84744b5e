import CLibvirt

/// What the QEMU guest agent is asked about; nothing set means all that it knows, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGuestInfoTypes.
public struct GuestInfoKinds: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Who is logged in.
  public static let users = GuestInfoKinds(rawValue: UInt32(VIR_DOMAIN_GUEST_INFO_USERS.rawValue))
  /// The operating system.
  public static let operatingSystem = GuestInfoKinds(rawValue: UInt32(VIR_DOMAIN_GUEST_INFO_OS.rawValue))
  /// The time zone.
  public static let timeZone = GuestInfoKinds(rawValue: UInt32(VIR_DOMAIN_GUEST_INFO_TIMEZONE.rawValue))
  /// The host's name.
  public static let hostname = GuestInfoKinds(rawValue: UInt32(VIR_DOMAIN_GUEST_INFO_HOSTNAME.rawValue))
  /// The file systems.
  public static let fileSystems = GuestInfoKinds(rawValue: UInt32(VIR_DOMAIN_GUEST_INFO_FILESYSTEM.rawValue))
  /// The disks.
  public static let disks = GuestInfoKinds(rawValue: UInt32(VIR_DOMAIN_GUEST_INFO_DISKS.rawValue))
  /// The network interfaces.
  public static let interfaces = GuestInfoKinds(rawValue: UInt32(VIR_DOMAIN_GUEST_INFO_INTERFACES.rawValue))
}
