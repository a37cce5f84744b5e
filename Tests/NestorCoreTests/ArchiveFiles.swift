import NestorSupport
import Processes

@testable import NestorCore

/// The files of a guest's archive, to be changed by whoever wishes it harm.
struct ArchiveFiles: Sendable {
  var files: [(name: String, bytes: [UInt8])] = []

  /// Reads an archive.
  init(_ path: String) async throws {
    files = try await Program("zstd", package: "zstd").run(["-dcq", "--", path], from: 0) { pipe, _ in
      var reader = TarReader(pipe)
      var files: [(String, [UInt8])] = []
      while let file = try await reader.nextFile() {
        files.append((file.name, try await reader.content(limit: 1 << 28)))
      }
      return files
    }
  }

  /// The bytes of a file, or its place.
  subscript(_ name: String) -> [UInt8] {
    get { files.first { $0.name == name }?.bytes ?? [] }
    set { if let index = files.firstIndex(where: { $0.name == name }) { files[index].bytes = newValue } }
  }

  /// Changes the text of a file.
  mutating func replace(_ name: String, _ old: String, _ new: String) {
    self[name] = Array(String(decoding: self[name], as: UTF8.self).replacing(old, with: new).utf8)
  }

  mutating func remove(_ name: String) { files.removeAll { $0.name == name } }

  /// Adds a file before the checksums.
  mutating func add(_ name: String, _ text: String) { files.insert((name, Array(text.utf8)), at: files.count - 1) }

  /// Makes the checksums right, where there are any.
  mutating func seal() {
    let lines = files.filter { $0.name != TarWriter.sums }.map { file in
      var sum = SHA256()
      file.bytes.withUnsafeBytes { sum.add($0) }
      return "\(sum.digits())  \(file.name)\n"
    }
    self[TarWriter.sums] = Array(lines.joined().utf8)
  }

  /// Writes an archive of these files as they are.
  func write(to path: String) async throws {
    var bytes: [UInt8] = []
    for file in files {
      bytes += TarHeader(name: file.name, size: UInt64(file.bytes.count)).block + file.bytes
      bytes += [UInt8](repeating: 0, count: (512 - file.bytes.count % 512) % 512)
    }
    try FileTree.write(bytes + [UInt8](repeating: 0, count: 1024), to: path + ".tar")
    try await Program("zstd", package: "zstd").run(["-qf", "--rm", "-o", path, "--", path + ".tar"])
  }
}
