import CLibvirt

/// What is deleted with a snapshot, see
/// https://libvirt.org/html/libvirt-libvirt-domain-snapshot.html#virDomainSnapshotDeleteFlags.
public struct SnapshotDeleteFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// All snapshots that were made after it, too.
  public static let children = Self(VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN)
  /// Only libvirt's knowledge of it.
  public static let metadataOnly = Self(VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY)
  /// All snapshots that were made after it, but not it.
  public static let childrenOnly = Self(VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY)
}
