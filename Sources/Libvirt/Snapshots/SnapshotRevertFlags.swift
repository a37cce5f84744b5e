import CLibvirt

/// How a domain goes back to a snapshot, see
/// https://libvirt.org/html/libvirt-libvirt-domain-snapshot.html#virDomainSnapshotRevertFlags.
public struct SnapshotRevertFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// To run afterwards.
  public static let running = Self(VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING)
  /// To stand still afterwards.
  public static let paused = Self(VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED)
  /// Even where that is risky.
  public static let force = Self(VIR_DOMAIN_SNAPSHOT_REVERT_FORCE)
  /// With fresh firmware variables.
  public static let resetNVRAM = Self(VIR_DOMAIN_SNAPSHOT_REVERT_RESET_NVRAM)
}
