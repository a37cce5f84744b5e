import CLibvirt

/// A storage volume: a disk image, a partition or the like, see
/// https://libvirt.org/html/libvirt-libvirt-storage.html.
public final class StorageVolume: Sendable {
  let handle: Handle
  /// The connection that it was got from.
  public let connection: Connection
  /// Its name, by which only its pool knows it.
  public let name: String
  /// Its key, by which the host knows it; for a file that is the path.
  public let key: String

  /// Takes over a reference of the caller's, which is given back even when this fails.
  init(taking pointer: OpaquePointer, _ connection: Connection) throws {
    self.connection = connection
    handle = Handle(pointer) { virStorageVolFree($0) }
    name = try Calls.borrowed("virStorageVolGetName", virStorageVolGetName(pointer))
    key = try Calls.borrowed("virStorageVolGetKey", virStorageVolGetKey(pointer))
  }

  /// Runs a blocking call with the volume's pointer off Swift's threads.
  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    try await CallExecutor.shared.run { [handle] in try body(handle.pointer) }
  }

  /// The pool that it lies in.
  public func pool() async throws -> StoragePool {
    try await call { [connection] volume in
      try StoragePool(
        taking: try Calls.check("virStoragePoolLookupByVolume", virStoragePoolLookupByVolume(volume)), connection)
    }
  }

  /// Where it is on the host.
  public func path() async throws -> String {
    try await call { try Calls.string("virStorageVolGetPath", virStorageVolGetPath($0)) }
  }

  /// Kind and sizes. With `physical` the allocation is the size of the file rather than what its blocks take.
  public func info(physical: Bool = false) async throws -> StorageVolumeInfo {
    let flags = physical ? UInt32(VIR_STORAGE_VOL_GET_PHYSICAL.rawValue) : 0
    return try await call { volume in
      var info = virStorageVolInfo()
      if physical {
        try Calls.check("virStorageVolGetInfoFlags", virStorageVolGetInfoFlags(volume, &info, flags))
      } else {
        // The older call, since not every driver has the newer one.
        try Calls.check("virStorageVolGetInfo", virStorageVolGetInfo(volume, &info))
      }
      return StorageVolumeInfo(info)
    }
  }

  /// Its XML, see https://libvirt.org/formatstorage.html#storage-volume-xml.
  public func xml() async throws -> String {
    try await call { try Calls.string("virStorageVolGetXMLDesc", virStorageVolGetXMLDesc($0, 0)) }
  }

  /// Changes its capacity to a number of bytes, or by it where the flags say so.
  public func resize(to capacity: UInt64, _ flags: StorageVolumeResizeFlags = []) async throws {
    _ = try await call { try Calls.check("virStorageVolResize", virStorageVolResize($0, capacity, flags.rawValue)) }
  }

  /// Overwrites its content, so that it cannot be read again; it stays, and may take long.
  public func wipe(_ algorithm: WipeAlgorithm = .zero) async throws {
    _ = try await call { volume in
      // libvirt wipes as many bytes as it believes to be allocated, and after an upload that is the old number until it
      // looks again: so make it look.
      var info = virStorageVolInfo()
      try Calls.check("virStorageVolGetInfo", virStorageVolGetInfo(volume, &info))
      guard algorithm != .zero else { return try Calls.check("virStorageVolWipe", virStorageVolWipe(volume, 0)) }
      return try Calls.check("virStorageVolWipePattern", virStorageVolWipePattern(volume, algorithm.number, 0))
    }
  }

  /// Deletes it.
  public func delete(_ flags: StorageVolumeDeleteFlags = []) async throws {
    _ = try await call { try Calls.check("virStorageVolDelete", virStorageVolDelete($0, flags.rawValue)) }
  }
}
