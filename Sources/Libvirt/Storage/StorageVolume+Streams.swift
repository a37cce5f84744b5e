import CLibvirt

extension StorageVolume {
  /// Opens a stream of its content, from an offset on; a length of 0 means up to its end.
  ///
  /// Read it to its end and then call ``Stream/finish()``. Holes come as zeros; ``download(toFile:)`` keeps them holes.
  public func download(offset: UInt64 = 0, length: UInt64 = 0) async throws -> Stream {
    try await call { [connection] volume in
      let handle = try connection.openHandle()
      return try Stream(handle.pointer, .receiving) {
        try Calls.check("virStorageVolDownload", virStorageVolDownload(volume, $0, offset, length, 0))
      }
    }
  }

  /// Opens a stream that becomes its content, from an offset on; a length of 0 means as much as is sent.
  ///
  /// The content is safe once ``Stream/finish()`` returned. Bytes beyond the capacity break the stream off. Other calls
  /// of this connection wait while the daemon cannot keep up, so use a connection of its own for large volumes.
  public func upload(offset: UInt64 = 0, length: UInt64 = 0) async throws -> Stream {
    try await call { [connection] volume in
      let handle = try connection.openHandle()
      return try Stream(handle.pointer, .sending) {
        try Calls.check("virStorageVolUpload", virStorageVolUpload(volume, $0, offset, length, 0))
      }
    }
  }

  /// Writes its content to a file of this host, which is made or overwritten; holes stay holes.
  ///
  /// It runs on a thread of its own, however long it takes. When it fails or its task is cancelled, what was written
  /// stays, so use a name that nobody takes for the whole.
  public func download(toFile path: String) async throws {
    let file = try await CallExecutor.shared.run { try VolumeFile(writing: path) }
    try await file.transfer(connection, self) { volume, stream in
      try Calls.check(
        "virStorageVolDownload",
        virStorageVolDownload(volume, stream, 0, 0, UInt32(VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM.rawValue)))
      try file.check(
        "virStreamSparseRecvAll",
        virStreamSparseRecvAll(stream, VolumeFile.write, VolumeFile.skipWriting, file.opaque))
      try file.endAtPosition()
    }
  }

  /// Makes a file of this host its content; holes stay holes where the pool's files can have them.
  ///
  /// The file must not be larger than the capacity. It runs on a thread of its own, however long it takes. When it fails
  /// or its task is cancelled, the content is neither the old nor the new one.
  public func upload(fromFile path: String) async throws {
    let file = try await CallExecutor.shared.run { try VolumeFile(reading: path) }
    try await file.transfer(connection, self) { volume, stream in
      try Calls.check(
        "virStorageVolUpload",
        virStorageVolUpload(volume, stream, 0, 0, UInt32(VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM.rawValue)))
      try file.check(
        "virStreamSparseSendAll",
        virStreamSparseSendAll(stream, VolumeFile.read, VolumeFile.findData, VolumeFile.skipReading, file.opaque))
    }
  }
}
