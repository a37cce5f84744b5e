import CLibvirt

/// How a domain's memory is saved or restored, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainSaveRestoreFlags.
public struct SaveFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Past the file cache.
  public static let bypassCache = SaveFlags(rawValue: UInt32(VIR_DOMAIN_SAVE_BYPASS_CACHE.rawValue))
  /// To run after the restore, whatever it did before.
  public static let running = SaveFlags(rawValue: UInt32(VIR_DOMAIN_SAVE_RUNNING.rawValue))
  /// To stand still after the restore, whatever it did before.
  public static let paused = SaveFlags(rawValue: UInt32(VIR_DOMAIN_SAVE_PAUSED.rawValue))
}
