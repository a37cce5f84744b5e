import CLibvirt

/// How a pool's place is prepared, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virStoragePoolBuildFlags.
public struct StoragePoolBuildFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Repair what is there.
  public static let repair = Self(VIR_STORAGE_POOL_BUILD_REPAIR)
  /// Grow or shrink what is there.
  public static let resize = Self(VIR_STORAGE_POOL_BUILD_RESIZE)
  /// Refuse where something is there already.
  public static let noOverwrite = Self(VIR_STORAGE_POOL_BUILD_NO_OVERWRITE)
  /// Write over what is there.
  public static let overwrite = Self(VIR_STORAGE_POOL_BUILD_OVERWRITE)
}
