import CLibvirt

/// A step in a pool's life, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html#virStoragePoolEventLifecycleType.
public struct StoragePoolEvent: Sendable {
  /// What happened.
  public enum Kind: Sendable, Hashable {
    /// It was defined or redefined.
    case defined
    /// Its definition went.
    case undefined
    /// It was started.
    case started
    /// It was stopped.
    case stopped
    /// Its place was prepared.
    case created
    /// Its place was deleted.
    case deleted
    /// Its volumes were looked for anew.
    case refreshed
    /// Something that this version does not know.
    case unknown(Int32)

    init(_ event: Int32) {
      self =
        switch virStoragePoolEventLifecycleType(rawValue: UInt32(bitPattern: event)) {
        case VIR_STORAGE_POOL_EVENT_DEFINED: .defined
        case VIR_STORAGE_POOL_EVENT_UNDEFINED: .undefined
        case VIR_STORAGE_POOL_EVENT_STARTED: .started
        case VIR_STORAGE_POOL_EVENT_STOPPED: .stopped
        case VIR_STORAGE_POOL_EVENT_CREATED: .created
        case VIR_STORAGE_POOL_EVENT_DELETED: .deleted
        default: .unknown(event)
        }
    }
  }

  /// The pool.
  public let pool: StoragePool
  /// What happened.
  public let kind: Kind
}
