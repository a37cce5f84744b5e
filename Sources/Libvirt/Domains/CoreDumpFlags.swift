import CLibvirt

/// What happens to a domain around its core dump, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainCoreDumpFlags.
public struct CoreDumpFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// It ends in the state crashed.
  public static let crash = CoreDumpFlags(rawValue: UInt32(VIR_DUMP_CRASH.rawValue))
  /// Its CPUs run on meanwhile.
  public static let live = CoreDumpFlags(rawValue: UInt32(VIR_DUMP_LIVE.rawValue))
  /// Past the file cache.
  public static let bypassCache = CoreDumpFlags(rawValue: UInt32(VIR_DUMP_BYPASS_CACHE.rawValue))
  /// It is reset afterwards.
  public static let reset = CoreDumpFlags(rawValue: UInt32(VIR_DUMP_RESET.rawValue))
  /// Only its memory, in a file that crash and gdb read; else a migration stream.
  public static let memoryOnly = CoreDumpFlags(rawValue: UInt32(VIR_DUMP_MEMORY_ONLY.rawValue))
}
