import CLibvirt

/// How a snapshot is made, see
/// https://libvirt.org/html/libvirt-libvirt-domain-snapshot.html#virDomainSnapshotCreateFlags.
public struct SnapshotCreateFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Only make libvirt know of a snapshot that the disks hold already.
  public static let redefine = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE.rawValue))
  /// With redefine: make it the current one.
  public static let current = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT.rawValue))
  /// Without libvirt knowing of it later.
  public static let noMetadata = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA.rawValue))
  /// Stop the domain afterwards.
  public static let halt = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_HALT.rawValue))
  /// Disks without memory.
  public static let diskOnly = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY.rawValue))
  /// Into files that are there already.
  public static let reuseExternal = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT.rawValue))
  /// With file systems frozen by the QEMU guest agent.
  public static let quiesce = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE.rawValue))
  /// All disks or none.
  public static let atomic = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC.rawValue))
  /// While the domain runs on.
  public static let live = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_LIVE.rawValue))
  /// Check the XML against libvirt's schema.
  public static let validate = SnapshotCreateFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_CREATE_VALIDATE.rawValue))
}
