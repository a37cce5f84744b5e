import CLibvirt

/// How a common CPU is described, see
/// https://libvirt.org/html/libvirt-libvirt-host.html#virConnectBaselineCPUFlags.
public struct CPUBaselineFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// With all features spelled out.
  public static let expandFeatures = Self(VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES)
  /// Without features that keep a domain from being moved.
  public static let migratable = Self(VIR_CONNECT_BASELINE_CPU_MIGRATABLE)
}
