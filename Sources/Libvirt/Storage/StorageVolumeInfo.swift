import CLibvirt

/// Kind and sizes of a volume, see https://libvirt.org/html/libvirt-libvirt-storage.html#virStorageVolInfo.
public struct StorageVolumeInfo: Sendable, Hashable {
  /// What the volume is.
  public enum Kind: Sendable, Hashable {
    /// A file.
    case file
    /// A block device.
    case block
    /// A directory.
    case directory
    /// Something that the network carries.
    case network
    /// A directory that the network carries.
    case networkDirectory
    /// A Ploop image, which is a directory.
    case ploop
    /// A kind that this version does not know.
    case unknown(Int32)
  }

  /// What it is.
  public let kind: Kind
  /// The size that a guest sees, in bytes.
  public let capacity: UInt64
  /// What it takes of its pool, in bytes.
  public let allocation: UInt64

  /// Makes the information of its parts, for tests and comparisons.
  public init(kind: Kind, capacity: UInt64, allocation: UInt64) {
    self.kind = kind
    self.capacity = capacity
    self.allocation = allocation
  }

  init(_ info: virStorageVolInfo) {
    kind =
      switch virStorageVolType(rawValue: UInt32(bitPattern: info.type)) {
      case VIR_STORAGE_VOL_FILE: .file
      case VIR_STORAGE_VOL_BLOCK: .block
      case VIR_STORAGE_VOL_DIR: .directory
      case VIR_STORAGE_VOL_NETWORK: .network
      case VIR_STORAGE_VOL_NETDIR: .networkDirectory
      case VIR_STORAGE_VOL_PLOOP: .ploop
      default: .unknown(info.type)
      }
    capacity = info.capacity
    allocation = info.allocation
  }
}
