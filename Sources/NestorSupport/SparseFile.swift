import Glibc

/// A new file that is written from its beginning to its end, in which what is zero takes no room.
///
/// All calls throw ``SystemError``, and block.
package struct SparseFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  /// The bytes so far.
  package private(set) var size: UInt64 = 0

  /// Makes the file, which must not be there yet; only its owner may read it.
  package init(creating path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
  }

  deinit {
    close(descriptor)
  }

  /// Writes bytes behind those that are there.
  package mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    size += UInt64(bytes.count)
    if Self.isZero(bytes) {
      guard lseek(descriptor, off_t(bytes.count), SEEK_CUR) >= 0 else { throw SystemError("seek in \(path)") }
      return
    }
    try FileTree.writeAll(bytes, to: descriptor, named: path)
  }

  /// Gives the file its size, which ends with what is not zero until then.
  package func finish() throws {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw SystemError("truncate \(path)") }
  }

  /// Makes the file last on disk.
  package func sync() throws {
    guard fsync(descriptor) == 0 else { throw SystemError("fsync \(path)") }
  }

  /// Each byte is as the one before it, and the first is zero.
  private static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress, let first = bytes.first else { return true }
    return first == 0 && memcmp(base, base + 1, bytes.count - 1) == 0
  }
}
