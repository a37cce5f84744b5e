import CLibvirt

/// What happens to a domain around its core dump, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainCoreDumpFlags.
public struct CoreDumpFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// It ends in the state crashed.
  public static let crash = Self(VIR_DUMP_CRASH)
  /// Its CPUs run on meanwhile.
  public static let live = Self(VIR_DUMP_LIVE)
  /// Past the file cache.
  public static let bypassCache = Self(VIR_DUMP_BYPASS_CACHE)
  /// It is reset afterwards.
  public static let reset = Self(VIR_DUMP_RESET)
  /// Only its memory, in a file that crash and gdb read; else a migration stream.
  public static let memoryOnly = Self(VIR_DUMP_MEMORY_ONLY)
}
