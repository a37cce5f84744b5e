import CLibvirt

/// Which storage pools a list holds; nothing set means all, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virConnectListAllStoragePoolsFlags.
public struct StoragePoolFilter: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Those that do not run.
  public static let inactive = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE.rawValue))
  /// Those that run.
  public static let active = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE.rawValue))
  /// Those that are defined.
  public static let persistent = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT.rawValue))
  /// Those that are gone when they end.
  public static let transient = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_TRANSIENT.rawValue))
  /// Those that start with the daemon.
  public static let autostart = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART.rawValue))
  /// Those that do not start with the daemon.
  public static let noAutostart = StoragePoolFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_NO_AUTOSTART.rawValue))
  /// Directories.
  public static let directory = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_DIR.rawValue))
  /// File systems that the pool mounts.
  public static let fileSystem = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_FS.rawValue))
  /// File systems of another host.
  public static let networkFileSystem = StoragePoolFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_NETFS.rawValue))
  /// LVM volume groups.
  public static let logicalVolumes = StoragePoolFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_LOGICAL.rawValue))
  /// Partitioned disks.
  public static let disk = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_DISK.rawValue))
  /// iSCSI targets.
  public static let iscsi = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_ISCSI.rawValue))
  /// SCSI hosts.
  public static let scsi = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_SCSI.rawValue))
  /// Multipath devices.
  public static let multipath = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_MPATH.rawValue))
  /// Ceph's block devices.
  public static let rbd = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_RBD.rawValue))
  /// ZFS pools.
  public static let zfs = StoragePoolFilter(rawValue: UInt32(VIR_CONNECT_LIST_STORAGE_POOLS_ZFS.rawValue))
}
