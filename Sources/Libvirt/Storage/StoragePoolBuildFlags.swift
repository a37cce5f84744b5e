import CLibvirt

/// How a pool's place is prepared, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virStoragePoolBuildFlags.
public struct StoragePoolBuildFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Repair what is there.
  public static let repair = StoragePoolBuildFlags(rawValue: UInt32(VIR_STORAGE_POOL_BUILD_REPAIR.rawValue))
  /// Grow or shrink what is there.
  public static let resize = StoragePoolBuildFlags(rawValue: UInt32(VIR_STORAGE_POOL_BUILD_RESIZE.rawValue))
  /// Refuse where something is there already.
  public static let noOverwrite = StoragePoolBuildFlags(rawValue: UInt32(VIR_STORAGE_POOL_BUILD_NO_OVERWRITE.rawValue))
  /// Write over what is there.
  public static let overwrite = StoragePoolBuildFlags(rawValue: UInt32(VIR_STORAGE_POOL_BUILD_OVERWRITE.rawValue))
}
