import CLibvirt

/// Which snapshots a list holds; nothing set means all of a domain, or the children of a snapshot, see
/// https://libvirt.org/html/libvirt-libvirt-domain-snapshot.html#virDomainSnapshotListFlags.
public struct SnapshotListFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Those without a parent; of a domain.
  public static let roots = Self(VIR_DOMAIN_SNAPSHOT_LIST_ROOTS)
  /// Those without children.
  public static let leaves = Self(VIR_DOMAIN_SNAPSHOT_LIST_LEAVES)
  /// Parents before their children.
  public static let topological = Self(VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL)
  /// Children's children, too; of a snapshot.
  public static let descendants = Self(VIR_DOMAIN_SNAPSHOT_LIST_DESCENDANTS)
}
