import Glibc

/// A new file that no directory names, so that it is gone with the program that has it open, however that ends.
package final class UnnamedFile: Sendable {
  /// The file, open for reading and writing; closed when this value goes.
  package let descriptor: Int32

  /// Makes one on the file system of a directory; only its owner may read it.
  ///
  /// Throws ``SystemError``. One that ``link(as:)`` is to name needs a file system that has such files (open(2), O_TMPFILE);
  /// `EOPNOTSUPP` says that this one has not.
  package convenience init(in directory: String, isToBeNamed: Bool = false) throws {
    try self.init(in: directory, isToBeNamed: isToBeNamed, flag: Self.unnamed)
  }

  /// `flag` is what asks for such a file.
  init(in directory: String, isToBeNamed: Bool, flag: Int32) throws {
    let unnamed = open(directory, flag | O_RDWR | O_CLOEXEC, 0o600)
    // An old kernel takes the flag for O_DIRECTORY alone.
    guard unnamed < 0, [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) else {
      guard unnamed >= 0 else { throw SystemError("open a file in \(directory)") }
      descriptor = unnamed
      return
    }
    guard !isToBeNamed else { throw SystemError("open a file in \(directory)", number: EOPNOTSUPP) }
    var path = Array("\(directory)/.unnamed-XXXXXX".utf8CString)
    descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw SystemError("make a file in \(directory)") }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit {
    close(descriptor)
  }

  /// A path by which programs that this one starts reach the file, see proc(5).
  package var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

  /// Its size in bytes.
  package func size() throws -> UInt64 {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw SystemError("fstat") }
    return UInt64(max(0, information.st_size))
  }

  /// Writes bytes behind those that are there.
  package func append(_ bytes: [UInt8]) throws {
    try FileTree.writeAll(bytes, to: descriptor, named: "a file")
  }

  /// Gives it a name that nothing has (`EEXIST`), when it is on disk as a whole.
  package func link(as path: String) throws {
    guard fsync(descriptor) == 0 else { throw SystemError("fsync \(path)") }
    guard linkat(AT_FDCWD, self.path, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else {
      throw SystemError("link \(path)")
    }
    FileTree.sync(FileTree.parent(of: path))
  }

  /// O_TMPFILE of the kernel's generic ABI, which the C library shows to GNU sources alone.
  private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY
}
