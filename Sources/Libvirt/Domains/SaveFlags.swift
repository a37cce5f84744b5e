import CLibvirt

/// How a domain's memory is saved or restored, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainSaveRestoreFlags.
public struct SaveFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Past the file cache.
  public static let bypassCache = Self(VIR_DOMAIN_SAVE_BYPASS_CACHE)
  /// To run after the restore, whatever it did before.
  public static let running = Self(VIR_DOMAIN_SAVE_RUNNING)
  /// To stand still after the restore, whatever it did before.
  public static let paused = Self(VIR_DOMAIN_SAVE_PAUSED)
}
