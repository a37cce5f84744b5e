import CLibvirt

/// State and sizes of a pool, see https://libvirt.org/html/libvirt-libvirt-storage.html#virStoragePoolInfo.
public struct StoragePoolInfo: Sendable, Hashable {
  /// What the pool does.
  public enum State: Sendable, Hashable {
    /// It does not run.
    case inactive
    /// Its place is being prepared.
    case building
    /// It runs.
    case running
    /// It runs, but not as it should.
    case degraded
    /// It runs, but its place cannot be reached.
    case inaccessible
    /// A state that this version does not know.
    case unknown(Int32)
  }

  /// What it does.
  public let state: State
  /// The size of its place, in bytes.
  public let capacity: UInt64
  /// What is used of it, in bytes.
  public let allocation: UInt64
  /// What is free, in bytes.
  public let available: UInt64

  init(_ info: virStoragePoolInfo) {
    state =
      switch virStoragePoolState(rawValue: UInt32(bitPattern: info.state)) {
      case VIR_STORAGE_POOL_INACTIVE: .inactive
      case VIR_STORAGE_POOL_BUILDING: .building
      case VIR_STORAGE_POOL_RUNNING: .running
      case VIR_STORAGE_POOL_DEGRADED: .degraded
      case VIR_STORAGE_POOL_INACCESSIBLE: .inaccessible
      default: .unknown(info.state)
      }
    capacity = info.capacity
    allocation = info.allocation
    available = info.available
  }
}
