import Glibc

/// What an agent that was killed left: programs that nobody serves any more.
enum Leftovers {
  /// Ends every process that carries the mark of an agent that is no more.
  static func end() {
    guard let folder = opendir("/proc") else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let process = pid_t(name), process > 1, process != getpid(),
        let environment = try? SmallFile.read("/proc/\(name)/environ"),
        environment.split(separator: 0).contains(where: { AgentMark($0)?.isStale == true })
      else { continue }
      kill(process, SIGKILL)
    }
  }
}
