import CLibvirt

/// How a CPU is compared with the host's, see
/// https://libvirt.org/html/libvirt-libvirt-host.html#virConnectCompareCPUFlags.
public struct CPUComparisonFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// An incompatible CPU is an error that says what it lacks.
  public static let failIncompatible = Self(VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE)
  /// Check the XML against libvirt's schema.
  public static let validate = Self(VIR_CONNECT_COMPARE_CPU_VALIDATE_XML)
}
