import CLibvirt

/// How a channel is opened, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainChannelFlags.
public struct ChannelFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Even where another client has it open, who then loses it.
  public static let force = Self(VIR_DOMAIN_CHANNEL_FORCE)
}
