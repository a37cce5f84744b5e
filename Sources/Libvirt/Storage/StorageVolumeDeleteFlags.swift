import CLibvirt

/// How a volume is deleted, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virStorageVolDeleteFlags.
public struct StorageVolumeDeleteFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Overwrite it with zeros first.
  public static let zeroed = Self(VIR_STORAGE_VOL_DELETE_ZEROED)
  /// Its snapshots, too.
  public static let withSnapshots = Self(VIR_STORAGE_VOL_DELETE_WITH_SNAPSHOTS)
}
