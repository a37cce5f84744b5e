import CLibvirt

/// How a pool is started, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virStoragePoolCreateFlags.
public struct StoragePoolCreateFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Prepare its place first.
  public static let build = Self(VIR_STORAGE_POOL_CREATE_WITH_BUILD)
  /// Prepare its place first, writing over what is there.
  public static let buildOverwrite = Self(VIR_STORAGE_POOL_CREATE_WITH_BUILD_OVERWRITE)
  /// Prepare its place first, unless something is there already.
  public static let buildNoOverwrite = Self(VIR_STORAGE_POOL_CREATE_WITH_BUILD_NO_OVERWRITE)
}
