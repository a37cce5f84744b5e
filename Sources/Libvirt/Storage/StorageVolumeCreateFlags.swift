import CLibvirt

/// How a volume is made, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virStorageVolCreateFlags.
public struct StorageVolumeCreateFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// With the format's tables written out, which makes qcow2 faster and larger.
  public static let preallocateMetadata = Self(VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA)
  /// As a copy that shares its blocks with the original, where the file system can.
  public static let reflink = Self(VIR_STORAGE_VOL_CREATE_REFLINK)
  /// Check the XML against libvirt's schema.
  public static let validate = Self(VIR_STORAGE_VOL_CREATE_VALIDATE)
}
