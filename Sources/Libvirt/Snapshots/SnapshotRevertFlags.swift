import CLibvirt

/// How a domain goes back to a snapshot, see
/// https://libvirt.org/html/libvirt-libvirt-domain-snapshot.html#virDomainSnapshotRevertFlags.
public struct SnapshotRevertFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// To run afterwards.
  public static let running = SnapshotRevertFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING.rawValue))
  /// To stand still afterwards.
  public static let paused = SnapshotRevertFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED.rawValue))
  /// Even where that is risky.
  public static let force = SnapshotRevertFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_REVERT_FORCE.rawValue))
  /// With fresh firmware variables.
  public static let resetNVRAM = SnapshotRevertFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_REVERT_RESET_NVRAM.rawValue))
}
