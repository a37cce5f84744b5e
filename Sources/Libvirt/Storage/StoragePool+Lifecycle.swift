import CLibvirt

extension StoragePool {
  /// Prepares its place: makes the directory, formats the disk, as its kind needs it. It must not run.
  public func build(_ flags: StoragePoolBuildFlags = []) async throws {
    _ = try await call { try Calls.check("virStoragePoolBuild", virStoragePoolBuild($0, flags.rawValue)) }
  }

  /// Starts it.
  public func start(_ flags: StoragePoolCreateFlags = []) async throws {
    _ = try await call { try Calls.check("virStoragePoolCreate", virStoragePoolCreate($0, flags.rawValue)) }
  }

  /// Stops it; the volumes stay where they are.
  public func destroy() async throws {
    _ = try await call { try Calls.check("virStoragePoolDestroy", virStoragePoolDestroy($0)) }
  }

  /// Deletes its place, of which there is no way back; `zeroed` overwrites it first. It must not run, and a directory
  /// must be empty.
  public func delete(zeroed: Bool = false) async throws {
    let flags = zeroed ? UInt32(VIR_STORAGE_POOL_DELETE_ZEROED.rawValue) : 0
    _ = try await call { try Calls.check("virStoragePoolDelete", virStoragePoolDelete($0, flags)) }
  }

  /// Takes the definition away; the volumes stay where they are.
  public func undefine() async throws {
    _ = try await call { try Calls.check("virStoragePoolUndefine", virStoragePoolUndefine($0)) }
  }

  /// Looks for volumes that came or went without libvirt.
  public func refresh() async throws {
    _ = try await call { try Calls.check("virStoragePoolRefresh", virStoragePoolRefresh($0, 0)) }
  }
}
