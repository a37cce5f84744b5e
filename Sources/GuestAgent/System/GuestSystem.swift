import Glibc
import GuestTransport
import Synchronization

/// The guest as the agent's operations see it: a folder with its files, and its kernel.
///
/// Safe on any thread.
package final class GuestSystem: Sendable {
  /// The folder that holds the guest's files, without '/' at the end: empty but for tests.
  let root: String
  let kernel: any KernelCalls
  /// The agent's own children among its processes.
  let children = ChildTable()
  /// Whether file systems are frozen, or about to be.
  let isFreezing = Mutex(false)
  /// Held by who sets the clock.
  let settingClock = Mutex(())
  /// Whether the guest is being given an identity of its own.
  let isResetting = Mutex(false)

  /// The machine that the agent runs on.
  package convenience init() {
    self.init(root: "", kernel: LinuxKernel())
  }

  init(root: String, kernel: any KernelCalls) {
    self.root = root
    self.kernel = kernel
  }

  /// Where a path of the guest is.
  func path(_ path: String) -> String { root + path }

  /// Whether there is anything at a path; links are followed.
  func exists(_ path: String) -> Bool { access(self.path(path), F_OK) == 0 }

  /// A file's bytes, at most `limit` of them, or nil where it cannot be read.
  func read(_ path: String, limit: Int = 65_536) -> [UInt8]? {
    let file = open(self.path(path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while bytes.count < limit {
      let count = Glibc.read(file, &piece, min(piece.count, limit - bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }

  /// A small file's text without white space at its ends; empty where it cannot be read.
  func line(_ path: String) -> String {
    let bytes = read(path, limit: 4096) ?? []
    let isSpace = { (byte: UInt8) in byte <= 32 }
    let text = bytes.drop(while: isSpace)
    let end = text.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? text.startIndex
    return String(decoding: text[text.startIndex..<end], as: UTF8.self)
  }

  /// The names in a folder in order; none where it cannot be read.
  func names(in folder: String) -> [String] {
    guard let handle = opendir(path(folder)) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// What a symbolic link says, or nil where there is none.
  func link(_ path: String) -> String? {
    var text = [CChar](repeating: 0, count: 4096)
    let count = readlink(self.path(path), &text, text.count)
    guard count >= 0 else { return nil }
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a path is itself a plain file.
  func isPlainFile(_ path: String) -> Bool {
    var information = stat()
    return lstat(self.path(path), &information) == 0 && information.st_mode & S_IFMT == S_IFREG
  }

  /// Writes a plain file anew, which stays whose and what it was.
  func rewrite(_ path: String, with bytes: [UInt8]) throws(KernelError) {
    var information = stat()
    guard lstat(self.path(path), &information) == 0 else { throw KernelError("look at \(path)") }
    try replace(
      path, with: bytes, mode: information.st_mode & 0o7777, owner: (information.st_uid, information.st_gid))
  }

  /// Puts a file in place in one step: written aside, synchronised, renamed.
  func replace(
    _ path: String, with bytes: [UInt8], mode: mode_t, owner: (user: uid_t, group: gid_t)? = nil
  ) throws(KernelError) {
    let place = self.path(path)
    let aside = place + ".nestor"
    unlink(aside)
    let file = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw KernelError("make \(path).nestor") }
    var isComplete = false
    defer { if !isComplete { unlink(aside) } }
    do {
      defer { close(file) }
      try Self.write(bytes, to: file, path)
      if let owner, fchown(file, owner.user, owner.group) != 0 { throw KernelError("chown \(path)") }
      guard fchmod(file, mode) == 0, fsync(file) == 0 else { throw KernelError("write \(path)") }
    }
    guard rename(aside, place) == 0 else {
      // Something is mounted over the file, as systemd does with /etc/machine-id: then it is written where it is.
      guard errno == EBUSY else { throw KernelError("replace \(path)") }
      let mounted = open(place, O_WRONLY | O_TRUNC | O_CLOEXEC)
      guard mounted >= 0 else { throw KernelError("open \(path)") }
      defer { close(mounted) }
      return try Self.write(bytes, to: mounted, path)
    }
    isComplete = true
  }

  private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(KernelError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + sent }, bytes.count - sent) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw KernelError("write \(path)") }
      sent += count
    }
  }
}
