import CLibvirt

extension Connection {
  /// The storage pools that the filter lets through, in no order.
  public func storagePools(_ filter: StoragePoolFilter = []) async throws -> [StoragePool] {
    try await call { connection in
      try Calls.list(
        "virConnectListAllStoragePools", { virConnectListAllStoragePools(connection, $0, filter.rawValue) }
      ) {
        try StoragePool(taking: $0, self)
      }
    }
  }

  /// The pool of a name; an error with code ``ErrorCode/noStoragePool`` where there is none.
  public func storagePool(named name: String) async throws -> StoragePool {
    try await call { connection in
      try StoragePool(
        taking: try Calls.check("virStoragePoolLookupByName", virStoragePoolLookupByName(connection, name)), self)
    }
  }

  /// The pool of a UUID in its usual form.
  public func storagePool(uuid: String) async throws -> StoragePool {
    try await call { connection in
      try StoragePool(
        taking: try Calls.check(
          "virStoragePoolLookupByUUIDString", virStoragePoolLookupByUUIDString(connection, uuid)), self)
    }
  }

  /// The pool whose place is at a path.
  public func storagePool(targetPath path: String) async throws -> StoragePool {
    try await call { connection in
      try StoragePool(
        taking: try Calls.check(
          "virStoragePoolLookupByTargetPath", virStoragePoolLookupByTargetPath(connection, path)), self)
    }
  }

  /// Defines a pool, or redefines the one of the same name and UUID; it is neither built nor started.
  ///
  /// `validate` checks the XML against libvirt's schema, see https://libvirt.org/formatstorage.html.
  public func defineStoragePool(xml: String, validate: Bool = false) async throws -> StoragePool {
    let flags = validate ? UInt32(VIR_STORAGE_POOL_DEFINE_VALIDATE.rawValue) : 0
    return try await call { connection in
      try StoragePool(
        taking: try Calls.check("virStoragePoolDefineXML", virStoragePoolDefineXML(connection, xml, flags)), self)
    }
  }

  /// Starts a pool that is gone again when it is stopped; its volumes stay where they are.
  public func createStoragePool(xml: String, _ flags: StoragePoolCreateFlags = []) async throws -> StoragePool {
    try await call { connection in
      try StoragePool(
        taking: try Calls.check(
          "virStoragePoolCreateXML", virStoragePoolCreateXML(connection, xml, flags.rawValue)), self)
    }
  }

  /// What the host offers for a kind of pool, as XML, such as iSCSI targets; `source` is the XML of where to look.
  public func storagePoolSources(type: String, source: String? = nil) async throws -> String {
    try await call {
      try Calls.string(
        "virConnectFindStoragePoolSources", virConnectFindStoragePoolSources($0, type, source, 0))
    }
  }

  /// Which kinds of pools the daemon can run, as XML, see https://libvirt.org/formatstoragecaps.html.
  public func storagePoolCapabilities() async throws -> String {
    try await call {
      try Calls.string("virConnectGetStoragePoolCapabilities", virConnectGetStoragePoolCapabilities($0, 0))
    }
  }

  /// The volume of a key, in whichever pool it lies.
  public func storageVolume(key: String) async throws -> StorageVolume {
    try await call { connection in
      try StorageVolume(
        taking: try Calls.check("virStorageVolLookupByKey", virStorageVolLookupByKey(connection, key)), self)
    }
  }

  /// The volume at a path, in whichever pool it lies.
  public func storageVolume(path: String) async throws -> StorageVolume {
    try await call { connection in
      try StorageVolume(
        taking: try Calls.check("virStorageVolLookupByPath", virStorageVolLookupByPath(connection, path)), self)
    }
  }
}
