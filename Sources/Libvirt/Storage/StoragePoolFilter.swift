import CLibvirt

/// Which storage pools a list holds; nothing set means all, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virConnectListAllStoragePoolsFlags.
public struct StoragePoolFilter: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Those that do not run.
  public static let inactive = Self(VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE)
  /// Those that run.
  public static let active = Self(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE)
  /// Those that are defined.
  public static let persistent = Self(VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT)
  /// Those that are gone when they end.
  public static let transient = Self(VIR_CONNECT_LIST_STORAGE_POOLS_TRANSIENT)
  /// Those that start with the daemon.
  public static let autostart = Self(VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART)
  /// Those that do not start with the daemon.
  public static let noAutostart = Self(VIR_CONNECT_LIST_STORAGE_POOLS_NO_AUTOSTART)
  /// Directories.
  public static let directory = Self(VIR_CONNECT_LIST_STORAGE_POOLS_DIR)
  /// File systems that the pool mounts.
  public static let fileSystem = Self(VIR_CONNECT_LIST_STORAGE_POOLS_FS)
  /// File systems of another host.
  public static let networkFileSystem = Self(VIR_CONNECT_LIST_STORAGE_POOLS_NETFS)
  /// LVM volume groups.
  public static let logicalVolumes = Self(VIR_CONNECT_LIST_STORAGE_POOLS_LOGICAL)
  /// Partitioned disks.
  public static let disk = Self(VIR_CONNECT_LIST_STORAGE_POOLS_DISK)
  /// iSCSI targets.
  public static let iscsi = Self(VIR_CONNECT_LIST_STORAGE_POOLS_ISCSI)
  /// SCSI hosts.
  public static let scsi = Self(VIR_CONNECT_LIST_STORAGE_POOLS_SCSI)
  /// Multipath devices.
  public static let multipath = Self(VIR_CONNECT_LIST_STORAGE_POOLS_MPATH)
  /// Ceph's block devices.
  public static let rbd = Self(VIR_CONNECT_LIST_STORAGE_POOLS_RBD)
  /// ZFS pools.
  public static let zfs = Self(VIR_CONNECT_LIST_STORAGE_POOLS_ZFS)
}
