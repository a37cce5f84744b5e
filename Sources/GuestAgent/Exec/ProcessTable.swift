import Glibc

/// What /proc tells of the processes, see proc_pid_stat(5).
enum ProcessTable {
  /// The processes of a session that still run.
  static func members(ofSession session: pid_t) -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var members: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
      guard let process = pid_t(String(decoding: name, as: UTF8.self)),
        let fields = fields(of: name), fields.count > 3, fields[0] != [UInt8(ascii: "Z")],
        fields[3] == Array("\(session)".utf8)
      else { continue }
      members.append(process)
    }
    return members
  }

  /// When a process was started, in clock ticks since the boot; with its number that names it for good.
  static func startTime(of process: pid_t) -> [UInt8]? {
    guard let fields = fields(of: Array("\(process)".utf8)), fields.count > 19 else { return nil }
    return fields[19]
  }

  /// The fields behind the program's name, which is in parentheses and may hold anything: state, parent, group, session.
  private static func fields(of process: [UInt8]) -> [[UInt8]]? {
    let path = "/proc/\(String(decoding: process, as: UTF8.self))/stat"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    return buffer[(end + 1)..<count].split(separator: UInt8(ascii: " ")).map(Array.init)
  }
}
