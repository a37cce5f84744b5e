import Glibc
import GuestAgent
import GuestProtocol
import Testing

@testable import GuestAgent

/// A folder that looks like a guest to the agent, with a kernel that only remembers; goes when the test does.
final class FakeGuest: Sendable {
  let root: String
  let kernel = FakeKernel()
  let system: GuestSystem

  init() throws {
    var template = Array("/tmp/nestor-guest-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    root = String(cString: made)
    system = GuestSystem(root: root, kernel: kernel)
  }

  deinit {
    Self.remove(root)
  }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      var names: [String] = []
      while let entry = readdir(folder) {
        names.append(
          withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          })
      }
      closedir(folder)
      var information = stat()
      if lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
        for name in names where name != "." && name != ".." { remove("\(path)/\(name)") }
      }
    }
    unlink(path)
    rmdir(path)
  }

  /// Makes a folder and those above it.
  func folder(_ path: String) {
    var made = root
    for part in path.split(separator: "/") {
      made += "/\(part)"
      mkdir(made, 0o755)
    }
  }

  /// Writes a file, and the folders above it; in one step, as programs do that others watch.
  func write(_ path: String, _ text: String, mode: mode_t = 0o644) throws {
    let parts = path.split(separator: "/")
    folder(parts.dropLast().joined(separator: "/"))
    let aside = "\(root)/aside"
    let file = creat(aside, mode)
    try #require(file >= 0)
    #expect(text.utf8.isEmpty || Glibc.write(file, text, text.utf8.count) == text.utf8.count)
    fchmod(file, mode)
    close(file)
    try #require(rename(aside, root + path) == 0)
  }

  /// Writes a program: lines for the shell.
  func program(_ path: String, _ lines: String) throws {
    try write(path, "#!/bin/sh\n\(lines)\n", mode: 0o755)
  }

  /// A file's text.
  func text(_ path: String) -> String? {
    system.read(path).map { String(decoding: $0, as: UTF8.self) }
  }
}
