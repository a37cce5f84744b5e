import CLibvirt

/// How a domain is started, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainCreateFlags.
public struct DomainStartFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// With its CPUs standing still.
  public static let paused = DomainStartFlags(rawValue: UInt32(VIR_DOMAIN_START_PAUSED.rawValue))
  /// To be destroyed when the connection ends.
  public static let autodestroy = DomainStartFlags(rawValue: UInt32(VIR_DOMAIN_START_AUTODESTROY.rawValue))
  /// Read a saved memory past the file cache.
  public static let bypassCache = DomainStartFlags(rawValue: UInt32(VIR_DOMAIN_START_BYPASS_CACHE.rawValue))
  /// Throw a saved memory away and boot.
  public static let forceBoot = DomainStartFlags(rawValue: UInt32(VIR_DOMAIN_START_FORCE_BOOT.rawValue))
  /// Check the XML against libvirt's schema.
  public static let validate = DomainStartFlags(rawValue: UInt32(VIR_DOMAIN_START_VALIDATE.rawValue))
  /// Begin with fresh firmware variables.
  public static let resetNVRAM = DomainStartFlags(rawValue: UInt32(VIR_DOMAIN_START_RESET_NVRAM.rawValue))
}
