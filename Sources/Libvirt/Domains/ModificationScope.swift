import CLibvirt

/// What a change of a domain is for; nothing set means its present state, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainModificationImpact.
public struct ModificationScope: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The domain that runs.
  public static let live = Self(VIR_DOMAIN_AFFECT_LIVE)
  /// The domain's next start.
  public static let config = Self(VIR_DOMAIN_AFFECT_CONFIG)
  /// The domain's present state: live where it runs, its next start where it does not.
  public static let current: ModificationScope = []
  /// Both.
  public static let liveAndConfig: ModificationScope = [.live, .config]
}
