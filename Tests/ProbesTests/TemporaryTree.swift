import Glibc
import NestorSupport

/// A folder of its own for one test, removed when the test's value goes.
final class TemporaryTree: Sendable {
  let root: String

  init() {
    var template = Array("/tmp/nestor-probes-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) } != nil
    }
    precondition(made, "mkdtemp failed")
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    // Other users must reach the files in it.
    chmod(root, 0o755)
  }

  deinit {
    try? FileTree.remove(root)
  }

  func path(_ relative: String) -> String { "\(root)/\(relative)" }

  func remove(_ relative: String) throws { try FileTree.remove(path(relative)) }

  /// Writes a file, its folders made as needed, and returns its path.
  @discardableResult
  func write(_ relative: String, _ text: String) throws -> String {
    let path = path(relative)
    try FileTree.makeDirectory(FileTree.parent(of: path))
    try FileTree.write(text.utf8, to: path)
    return path
  }
}
