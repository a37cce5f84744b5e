import DomainXML
import Glibc

/// Documents that lie beside the tests.
enum Samples {
  /// A file that cannot be read.
  struct Unreadable: Error {
    let path: String
  }

  static let domains = ["full", "running", "test-driver", "virt-install"]

  static func path(_ name: String, file: String = #filePath) -> String {
    let directory = file[..<(file.lastIndex(of: "/") ?? file.startIndex)]
    return directory + "/Samples/" + name + ".xml"
  }

  static func text(_ name: String) throws -> String {
    let path = path(name)
    guard let stream = fopen(path, "r") else { throw Unreadable(path: path) }
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
