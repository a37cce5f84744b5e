import CLibvirt

/// How a domain is started, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainCreateFlags.
public struct DomainStartFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// With its CPUs standing still.
  public static let paused = Self(VIR_DOMAIN_START_PAUSED)
  /// To be destroyed when the connection ends.
  public static let autodestroy = Self(VIR_DOMAIN_START_AUTODESTROY)
  /// Read a saved memory past the file cache.
  public static let bypassCache = Self(VIR_DOMAIN_START_BYPASS_CACHE)
  /// Throw a saved memory away and boot.
  public static let forceBoot = Self(VIR_DOMAIN_START_FORCE_BOOT)
  /// Check the XML against libvirt's schema.
  public static let validate = Self(VIR_DOMAIN_START_VALIDATE)
  /// Begin with fresh firmware variables.
  public static let resetNVRAM = Self(VIR_DOMAIN_START_RESET_NVRAM)
}
