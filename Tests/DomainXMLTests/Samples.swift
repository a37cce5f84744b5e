import DomainXML
import Glibc

/// Documents that lie beside the tests.
enum Samples {
  /// A file that cannot be read.
  struct Unreadable: Error {
    let path: String
  }

  static let domains = ["full", "qemu-driver", "running", "test-driver", "virt-install"]

  static func path(_ name: String, file: String = #filePath) -> String {
    let directory = file[..<(file.lastIndex(of: "/") ?? file.startIndex)]
    return directory + "/Samples/" + name + ".xml"
  }

  static func text(_ name: String) throws -> String {
    let path = path(name)
    guard let text = contents(of: path) else { throw Unreadable(path: path) }
    return text
  }

  /// A file's text; nil when it cannot be read.
  static func contents(of path: String) -> String? {
    guard let stream = fopen(path, "r") else { return nil }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
