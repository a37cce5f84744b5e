import Glibc
import NestorSupport

/// Replaces files of others, so that they stay whose and what they were.
enum FileReplacement {
  /// Writes a file anew at once, with the mode and the owner of the old one; a link stays and its target is replaced.
  /// A new file is for all to read.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let target = resolved(path)
    var information = stat()
    guard stat(target, &information) == 0 else {
      guard errno == ENOENT else { throw SystemError("stat \(target)") }
      try FileTree.makeDirectory(FileTree.parent(of: target))
      return try FileTree.write(bytes, to: target)
    }
    try FileTree.write(bytes, to: target, mode: information.st_mode & 0o7777)
    guard chown(target, information.st_uid, information.st_gid) == 0 else { throw SystemError("chown \(target)") }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
