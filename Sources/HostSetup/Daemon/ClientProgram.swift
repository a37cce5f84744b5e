import Glibc
import NestorSupport
import Processes

/// The daemon's own client, `lxc` or `incus`: it finds the socket, knows the remotes and has the user's rights.
package struct ClientProgram: DaemonTransport {
  /// Where programs lie: the user's folders, then the usual ones; the snap's have a folder of their own.
  static var searchPath: String {
    let usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
    return EnvironmentVariable.value("PATH").map { "\($0):\(usual)" } ?? usual
  }

  private let kind: DaemonKind

  package init(_ kind: DaemonKind) {
    self.kind = kind
  }

  /// Runs the client, see ``DaemonTransport/run(_:input:)``.
  package func run(_ arguments: [String], input: ProgramInput) async throws -> ProgramResult {
    var environment = ["PATH": Self.searchPath]
    // The client keeps its settings below HOME, and fails without one.
    if getenv("HOME") == nil { environment["HOME"] = "/root" }
    do {
      return try await Program(kind.program, package: kind.program)
        .result(arguments, input: input, environment: environment)
    } catch let error as NestorError where error.code == .unavailable {
      throw NestorError(
        .unavailable, "there is no program \(kind.program), the client of \(kind.title)",
        hint: "install \(kind.title): \(kind.installation)")
    }
  }

  /// Where the client lies; nil where it is not installed.
  package static func path(_ kind: DaemonKind) -> String? {
    Program.path(of: kind.program, in: searchPath)
  }
}
