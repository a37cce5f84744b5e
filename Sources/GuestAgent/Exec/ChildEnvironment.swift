import Glibc

/// The environment of a program in the guest: what a login gives, then what the request says.
struct ChildEnvironment {
  /// An entry that marks what an agent started, so that the next one can end what a killed one left.
  static let mark = AgentMark.own.entry
  private static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// The entries, `NAME=VALUE` each.
  private(set) var entries: [[UInt8]] = []

  init(user: UserDatabase.User, terminalType: String?, additions: [[UInt8]]) {
    set(Array("HOME=".utf8) + user.home)
    set(Array("USER=\(user.name)".utf8))
    set(Array("LOGNAME=\(user.name)".utf8))
    set(Array("SHELL=".utf8) + user.shell)
    set(Array("PATH=\(Self.path)".utf8))
    if let terminalType { set(Array("TERM=\(terminalType.isEmpty ? "dumb" : terminalType)".utf8)) }
    for entry in additions { set(entry) }
    set(Self.mark)
  }

  private mutating func set(_ entry: [UInt8]) {
    let name = entry.prefix { $0 != UInt8(ascii: "=") }
    entries.removeAll { $0.prefix { $0 != UInt8(ascii: "=") } == name }
    entries.append(entry)
  }

  /// The whole path of a program; one without a slash is looked for in PATH. Nil where there is none.
  func find(_ program: [UInt8]) -> String? {
    let name = String(decoding: program, as: UTF8.self)
    if program.contains(UInt8(ascii: "/")) { return name }
    let path = entries.last { $0.starts(with: Array("PATH=".utf8)) }?.dropFirst(5) ?? []
    for folder in path.split(separator: UInt8(ascii: ":")) {
      let candidate = String(decoding: folder, as: UTF8.self) + "/" + name
      var information = stat()
      if stat(candidate, &information) == 0, information.st_mode & S_IFMT == S_IFREG, access(candidate, X_OK) == 0 {
        return candidate
      }
    }
    return nil
  }
}
