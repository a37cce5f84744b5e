import Glibc
import Testing

/// A folder for one test, removed with it.
final class ScratchFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/nestor-templates-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    path = try #require(made)
  }

  deinit {
    remove(path)
  }

  private func remove(_ path: String) {
    guard let directory = opendir(path) else {
      unlink(path)
      return
    }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." {
        let child = path + "/" + name
        if entry.pointee.d_type == 4 { remove(child) } else { unlink(child) }
      }
    }
    closedir(directory)
    rmdir(path)
  }

  /// Writes a file, with the folders on the way to it.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, bytes: Array(text.utf8))
  }

  @discardableResult
  func write(_ name: String, bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    let parts = name.split(separator: "/").dropLast()
    for count in parts.indices { mkdir(path + "/" + parts[...count].joined(separator: "/"), 0o755) }
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      try #require(count > 0)
      rest = rest.dropFirst(count)
    }
    return file
  }
}
