import CLibvirt

/// A storage pool: a place of volumes, see https://libvirt.org/html/libvirt-libvirt-storage.html.
public final class StoragePool: Sendable {
  let handle: Handle
  /// The connection that it was got from.
  public let connection: Connection
  /// Its name.
  public let name: String
  /// The UUID, in lower case with hyphens.
  public let uuid: String

  /// Takes over a reference of the caller's, which is given back even when this fails.
  init(taking pointer: OpaquePointer, _ connection: Connection) throws {
    self.connection = connection
    handle = Handle(pointer) { virStoragePoolFree($0) }
    name = try Calls.borrowed("virStoragePoolGetName", virStoragePoolGetName(pointer))
    uuid = try Calls.uuid("virStoragePoolGetUUIDString") { virStoragePoolGetUUIDString(pointer, $0) }
  }

  /// An object for a pointer that stays its owner's, such as a callback's.
  convenience init(sharing pointer: OpaquePointer?, _ connection: Connection) throws {
    let pointer = try Calls.check("virStoragePoolRef", pointer)
    try Calls.check("virStoragePoolRef", virStoragePoolRef(pointer))
    try self.init(taking: pointer, connection)
  }

  /// Runs a blocking call with the pool's pointer off Swift's threads.
  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    try await CallExecutor.shared.run { [handle] in try body(handle.pointer) }
  }

  /// Whether it runs, so that its volumes are to be seen.
  public func isActive() async throws -> Bool {
    try await call { try Calls.check("virStoragePoolIsActive", virStoragePoolIsActive($0)) == 1 }
  }

  /// Whether it is defined, so that it stays when it is stopped.
  public func isPersistent() async throws -> Bool {
    try await call { try Calls.check("virStoragePoolIsPersistent", virStoragePoolIsPersistent($0)) == 1 }
  }

  /// State and sizes.
  public func info() async throws -> StoragePoolInfo {
    try await call { pool in
      var info = virStoragePoolInfo()
      try Calls.check("virStoragePoolGetInfo", virStoragePoolGetInfo(pool, &info))
      return StoragePoolInfo(info)
    }
  }

  /// Its XML, see https://libvirt.org/formatstorage.html; `inactive` is that of its next start.
  public func xml(inactive: Bool = false) async throws -> String {
    let flags = inactive ? UInt32(VIR_STORAGE_XML_INACTIVE.rawValue) : 0
    return try await call { try Calls.string("virStoragePoolGetXMLDesc", virStoragePoolGetXMLDesc($0, flags)) }
  }

  /// Whether it starts with the daemon.
  public func autostart() async throws -> Bool {
    try await call { pool in
      var value: Int32 = 0
      try Calls.check("virStoragePoolGetAutostart", virStoragePoolGetAutostart(pool, &value))
      return value != 0
    }
  }

  /// Makes it start with the daemon, or not; only for a pool that is defined.
  public func setAutostart(_ value: Bool) async throws {
    _ = try await call {
      try Calls.check("virStoragePoolSetAutostart", virStoragePoolSetAutostart($0, value ? 1 : 0))
    }
  }
}
