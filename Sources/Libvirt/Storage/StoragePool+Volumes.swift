import CLibvirt

extension StoragePool {
  /// Its volumes, in no order; it must run.
  public func volumes() async throws -> [StorageVolume] {
    try await call { [connection] pool in
      try Calls.list("virStoragePoolListAllVolumes", { virStoragePoolListAllVolumes(pool, $0, 0) }) {
        try StorageVolume(taking: $0, connection)
      }
    }
  }

  /// The volume of a name; an error with code ``ErrorCode/noStorageVolume`` where there is none.
  public func volume(named name: String) async throws -> StorageVolume {
    try await call { [connection] pool in
      try StorageVolume(
        taking: try Calls.check("virStorageVolLookupByName", virStorageVolLookupByName(pool, name)), connection)
    }
  }

  /// Makes a volume as the XML says, see https://libvirt.org/formatstorage.html#storage-volume-xml.
  ///
  /// It comes back when the volume is ready, which may take long where space is allocated.
  public func createVolume(xml: String, _ flags: StorageVolumeCreateFlags = []) async throws -> StorageVolume {
    try await call { [connection] pool in
      try StorageVolume(
        taking: try Calls.check("virStorageVolCreateXML", virStorageVolCreateXML(pool, xml, flags.rawValue)),
        connection)
    }
  }

  /// Makes a volume with the content of another one, which may be of another pool; the XML may ask for another format.
  public func createVolume(
    xml: String, copying source: StorageVolume, _ flags: StorageVolumeCreateFlags = []
  ) async throws -> StorageVolume {
    try await call { [connection] pool in
      try StorageVolume(
        taking: try Calls.check(
          "virStorageVolCreateXMLFrom",
          virStorageVolCreateXMLFrom(pool, xml, source.handle.pointer, flags.rawValue)), connection)
    }
  }
}
