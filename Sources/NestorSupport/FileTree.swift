import Glibc

/// Files and folders by POSIX calls, so that programs that start often need no Foundation.
///
/// All calls throw ``SystemError``.
package enum FileTree {
  /// The most that ``read(_:limit:)`` takes in unless told otherwise, in bytes.
  package static let defaultReadLimit = 16 * 1024 * 1024

  /// Whether something, even a dangling link, is at the path.
  package static func exists(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0
  }

  /// Whether the path, links followed, is a folder.
  package static func isDirectory(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// The size of a file in bytes, or nil where there is none.
  package static func size(_ path: String) -> Int64? {
    var information = stat()
    return stat(path, &information) == 0 ? Int64(information.st_size) : nil
  }

  /// Makes a folder and those above it; `mode` is for the new ones and holds whatever the umask says.
  package static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws {
    if isDirectory(path) { return }
    let parent = self.parent(of: path)
    if parent != path && !parent.isEmpty { try makeDirectory(parent, mode: mode) }
    if mkdir(path, mode) != 0 {
      let failure = SystemError("mkdir \(path)")
      if failure.number == EEXIST && isDirectory(path) { return }
      throw failure
    }
    guard chmod(path, mode) == 0 else { throw SystemError("chmod \(path)") }
  }

  /// The names in a folder, sorted; none where the folder is missing.
  package static func names(in path: String) throws -> [String] {
    guard let stream = opendir(path) else {
      if errno == ENOENT { return [] }
      throw SystemError("opendir \(path)")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file, or a folder with all in it; links are removed, never followed. Nothing there is no error.
  package static func remove(_ path: String) throws {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw SystemError("unlink \(path)") }
    for name in try names(in: path) { try remove("\(path)/\(name)") }
    if rmdir(path) != 0 && errno != ENOENT { throw SystemError("rmdir \(path)") }
  }

  /// The bytes of a regular file; more than `limit` of them, or a device, is an error (`EFBIG`, `EINVAL`).
  package static func read(_ path: String, limit: Int = defaultReadLimit) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw SystemError("fstat \(path)") }
    guard information.st_mode & S_IFMT == S_IFREG else { throw SystemError("read \(path)", number: EINVAL) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw SystemError("read \(path)") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk.prefix(count))
      guard bytes.count <= limit else { throw SystemError("read \(path)", number: EFBIG) }
    }
  }

  /// A file's bytes as text, where wrong UTF-8 shows as replacement characters.
  package static func readText(_ path: String, limit: Int = defaultReadLimit) throws -> String {
    String(decoding: try read(path, limit: limit), as: UTF8.self)
  }

  /// Writes a file so that at every moment the old or the new one is there whole: aside, to disk, then renamed.
  /// The file gets `owner`, which takes root; without one it is this process's.
  package static func write(
    _ bytes: some Sequence<UInt8>, to path: String, mode: mode_t = 0o644, owner: (user: uid_t, group: gid_t)? = nil
  ) throws {
    let aside = "\(path).\(getpid()).new"
    let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw SystemError("open \(aside)") }
    do {
      defer { close(descriptor) }
      try writeAll(Array(bytes), to: descriptor, named: aside)
      // Before the mode, of which a change of the owner would take bits away.
      if let owner, fchown(descriptor, owner.user, owner.group) != 0 { throw SystemError("chown \(aside)") }
      guard fchmod(descriptor, mode) == 0 else { throw SystemError("chmod \(aside)") }
      guard fsync(descriptor) == 0 else { throw SystemError("fsync \(aside)") }
    } catch {
      unlink(aside)
      throw error
    }
    try rename(aside, to: path)
  }

  /// Makes an empty file, or empties the one that is there, for a program that fills it and keeps its mode; nothing waits for
  /// the disk.
  package static func makeEmptyFile(_ path: String, mode: mode_t) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    defer { close(descriptor) }
    guard fchmod(descriptor, mode) == 0 else { throw SystemError("chmod \(path)") }
  }

  /// Renames, replacing what is at `target`, and makes the change last on disk.
  package static func rename(_ source: String, to target: String) throws {
    guard Glibc.rename(source, target) == 0 else { throw SystemError("rename \(source) to \(target)") }
    sync(parent(of: target))
  }

  /// Makes changes of names in a folder last on disk.
  static func sync(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    // A file system that cannot sync a folder still has changed the names: no reason to fail here.
    fsync(folder)
    close(folder)
  }

  /// Gives a file a second name, which nothing has yet, and makes the change last on disk.
  package static func link(_ source: String, to target: String) throws {
    guard Glibc.link(source, target) == 0 else { throw SystemError("link \(source) to \(target)") }
    sync(parent(of: target))
  }

  /// Whether two paths, links followed, lead to one file.
  package static func isSameFile(_ left: String, _ right: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(left, &first) == 0 && stat(right, &second) == 0 && first.st_ino == second.st_ino
      && first.st_dev == second.st_dev
  }

  /// Whether a path, links followed, leads to a regular file.
  package static func isRegularFile(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
  }

  /// The path that is meant, without links and dots in it; nil where there is nothing. See realpath(3).
  package static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// The path of the folder that a path lies in.
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What follows the last slash of a path.
  package static func lastComponent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// Writes all of these bytes to a descriptor, which a message calls `name`.
  package static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, named name: String) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SystemError("write \(name)") }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Writes all of these bytes to a descriptor, which a message calls `name`.
  package static func writeAll(_ bytes: [UInt8], to descriptor: Int32, named name: String) throws {
    try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, named: name) }
  }

  /// The path of the program that runs in this process, see proc(5).
  package static func ownProgram() throws -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = readlink("/proc/self/exe", &buffer, Int(PATH_MAX))
    guard length > 0 else { throw SystemError("readlink /proc/self/exe") }
    return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
