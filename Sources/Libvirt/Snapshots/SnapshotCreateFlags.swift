import CLibvirt

/// How a snapshot is made, see
/// https://libvirt.org/html/libvirt-libvirt-domain-snapshot.html#virDomainSnapshotCreateFlags.
public struct SnapshotCreateFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Only make libvirt know of a snapshot that the disks hold already.
  public static let redefine = Self(VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE)
  /// With redefine: make it the current one.
  public static let current = Self(VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT)
  /// Without libvirt knowing of it later.
  public static let noMetadata = Self(VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA)
  /// Stop the domain afterwards.
  public static let halt = Self(VIR_DOMAIN_SNAPSHOT_CREATE_HALT)
  /// Disks without memory.
  public static let diskOnly = Self(VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY)
  /// Into files that are there already.
  public static let reuseExternal = Self(VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT)
  /// With file systems frozen by the QEMU guest agent.
  public static let quiesce = Self(VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE)
  /// All disks or none.
  public static let atomic = Self(VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC)
  /// While the domain runs on.
  public static let live = Self(VIR_DOMAIN_SNAPSHOT_CREATE_LIVE)
  /// Check the XML against libvirt's schema.
  public static let validate = Self(VIR_DOMAIN_SNAPSHOT_CREATE_VALIDATE)
}
