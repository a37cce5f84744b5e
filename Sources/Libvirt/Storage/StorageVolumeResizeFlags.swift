import CLibvirt

/// How a volume's capacity is changed, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virStorageVolResizeFlags.
public struct StorageVolumeResizeFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Allocate the new space at once.
  public static let allocate = Self(VIR_STORAGE_VOL_RESIZE_ALLOCATE)
  /// The number is what comes on top.
  public static let delta = Self(VIR_STORAGE_VOL_RESIZE_DELTA)
  /// It may become smaller; without this flag that is refused, since data may be lost.
  public static let shrink = Self(VIR_STORAGE_VOL_RESIZE_SHRINK)
}
