import CLibvirt

/// Which snapshots a list holds; nothing set means all of a domain, or the children of a snapshot, see
/// https://libvirt.org/html/libvirt-libvirt-domain-snapshot.html#virDomainSnapshotListFlags.
public struct SnapshotListFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Those without a parent; of a domain.
  public static let roots = SnapshotListFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_LIST_ROOTS.rawValue))
  /// Those without children.
  public static let leaves = SnapshotListFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_LIST_LEAVES.rawValue))
  /// Parents before their children.
  public static let topological = SnapshotListFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL.rawValue))
  /// Children's children, too; of a snapshot.
  public static let descendants = SnapshotListFlags(rawValue: UInt32(VIR_DOMAIN_SNAPSHOT_LIST_DESCENDANTS.rawValue))
}
