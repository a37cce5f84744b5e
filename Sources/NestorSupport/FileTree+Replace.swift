import Glibc

extension FileTree {
  /// Replaces a file of others, so that it stays whose and what it was: with the old one's mode and owner, and a link
  /// stays while its target is replaced. A file that is not there yet is made, for all to read.
  package static func replace(_ path: String, with bytes: some Sequence<UInt8>) throws {
    let target = resolved(path) ?? path
    var old = stat()
    guard stat(target, &old) == 0 else {
      guard errno == ENOENT else { throw SystemError("stat \(target)") }
      try makeDirectory(parent(of: target))
      return try write(bytes, to: target)
    }
    try write(bytes, to: target, mode: old.st_mode & 0o7777, owner: (old.st_uid, old.st_gid))
  }
}
