import Glibc

/// Paths as text: no file is touched but by ``canonical(_:)`` and ``workingFolder``.
enum FilePath {
  /// The folder that holds a file: `a/b` for `a/b/c`, `.` for `c`.
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func lastPart(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// An absolute path for `path`, which begins at `folder` where it is relative. `..` stays, since only the kernel knows
  /// where it leads from a symbolic link.
  static func resolve(_ path: String, in folder: String) -> String {
    var whole = path
    if !isAbsolute(whole) { whole = folder + "/" + whole }
    if !isAbsolute(whole) { whole = workingFolder + "/" + whole }
    let parts = whole.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    return parts.map { "/" + String(Substring($0)) }.joined()
  }

  /// Whether a path begins at the root.
  static func isAbsolute(_ path: String) -> Bool {
    path.utf8.first == UInt8(ascii: "/")
  }

  /// The process's working folder; `/` when it is gone.
  static var workingFolder: String { existingWorkingFolder ?? "/" }

  /// The process's working folder; nil when it is gone.
  static var existingWorkingFolder: String? {
    guard let text = getcwd(nil, 0) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// The path without symbolic links, or the path itself where the file is not there.
  static func canonical(_ path: String) -> String {
    guard let text = realpath(path, nil) else { return path }
    defer { free(text) }
    return String(cString: text)
  }
}
