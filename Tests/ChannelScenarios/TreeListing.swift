import Glibc

/// All that can be seen of a tree on this machine, a line for each entry: path, mode, time, target, content.
enum TreeListing {
  static func lines(of root: String) throws -> [String] {
    var lines: [String] = []
    try add(root, below: "", to: &lines)
    return lines.sorted()
  }

  private static func add(_ root: String, below path: String, to lines: inout [String]) throws {
    guard let folder = opendir(root + path) else { throw ScenarioFailure(description: "cannot open \(root + path)") }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      let inner = "\(path)/\(name)"
      var information = stat()
      try expect(lstat(root + inner, &information) == 0, "lstat \(inner): \(errno)")
      var line = "\(inner)|\(String(information.st_mode, radix: 8))|\(information.st_mtim.tv_sec)"
      switch information.st_mode & S_IFMT {
      case S_IFDIR: try add(root, below: inner, to: &lines)
      case S_IFLNK: line += "|\(try target(of: root + inner))"
      case S_IFREG: line += "|\(information.st_nlink)|\(information.st_size)|\(try sum(of: root + inner))"
      default: break
      }
      lines.append(line)
    }
  }

  private static func target(of link: String) throws -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = readlink(link, &buffer, buffer.count)
    try expect(count >= 0, "readlink \(link): \(errno)")
    return String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
  }

  /// FNV-1a: enough against mistakes.
  private static func sum(of file: String) throws -> UInt64 {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    try expect(descriptor >= 0, "open \(file): \(errno)")
    defer { close(descriptor) }
    var (hash, buffer): (UInt64, [UInt8]) = (0xcbf2_9ce4_8422_2325, [UInt8](repeating: 0, count: 65_536))
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      try expect(count >= 0, "read \(file): \(errno)")
      if count == 0 { return hash }
      for byte in buffer[..<count] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
  }
}
