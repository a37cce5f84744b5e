import Glibc
import NestorSupport

/// Finds the program that guests are given as their agent.
enum AgentProgram {
  private static let name = "nestor-agent"
  /// Where a package puts it.
  private static let installed = "/usr/lib/nestor/\(name)"

  /// The program's path: `NESTOR_AGENT` if that is set, else beside this program, else where a package puts it; nil where
  /// none of these is an executable file.
  static func find(named: String? = AgentProgram.variable) -> String? {
    if let path = named { return isProgram(path) ? absolute(path) : nil }
    let beside = (try? FileTree.ownProgram()).map { "\(FileTree.parent(of: $0))/\(name)" }
    return [beside, installed].compactMap { $0 }.first { isProgram($0) }
  }

  /// Where it was looked for, for a message.
  static func places(named: String? = AgentProgram.variable) -> String {
    if let path = named { return "NESTOR_AGENT names \(path), which is no program" }
    let beside = (try? FileTree.ownProgram()).map { FileTree.parent(of: $0) }
    return "there is no program nestor-agent in "
      + [beside, FileTree.parent(of: installed)].compactMap { $0 }
      .joined(separator: " or ")
  }

  static var variable: String? { EnvironmentVariable.value("NESTOR_AGENT") }

  private static func isProgram(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  private static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = realpath(".", nil) else { return path }
    defer { free(folder) }
    return "\(String(cString: folder))/\(path)"
  }
}
