import Glibc
import NestorSupport
import Subprocess
import SystemPackage

/// The daemon's own client, `lxc` or `incus`: it finds the socket, knows the remotes and has the user's rights.
public struct ClientProgram: DaemonTransport {
  /// The most that is taken of what it prints, in bytes.
  private static let outputLimit = 32 * 1024 * 1024
  /// Where programs lie: the user's folders, then the usual ones; the snap's have a folder of their own.
  static var searchPath: String {
    let usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
    guard let path = getenv("PATH"), path.pointee != 0 else { return usual }
    return "\(String(cString: path)):\(usual)"
  }

  private let kind: DaemonKind

  /// The client of a kind of daemon.
  public init(_ kind: DaemonKind) {
    self.kind = kind
  }

  /// Runs the client, see ``DaemonTransport/run(_:input:)``.
  public func run(_ arguments: [String], input: ClientInput) async throws -> ClientResult {
    do {
      switch input {
      case .none: return try await run(arguments, input: NoInput.none)
      case .text(let text): return try await run(arguments, input: StringInput.string(text))
      case .file(let path):
        let file: FileDescriptor
        do {
          file = try FileDescriptor.open(FilePath(path), .readOnly)
        } catch let error as Errno {
          throw SystemError("open \(path)", number: error.rawValue).explained("cannot read \(path)")
        }
        return try await run(arguments, input: .fileDescriptor(file, closeAfterSpawningProcess: true))
      }
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw NestorError(
        .unavailable, "there is no program \(kind.program), the client of \(kind.title)",
        hint: "install \(kind.title): \(kind.installation)")
    }
  }

  private func run(_ arguments: [String], input: some InputProtocol) async throws -> ClientResult {
    var changes: [Environment.Key: String?] = ["PATH": Self.searchPath, "LC_ALL": "C.UTF-8"]
    // The client keeps its settings below HOME, and fails without one.
    if getenv("HOME") == nil { changes["HOME"] = "/root" }
    let result = try await Subprocess.run(
      .name(kind.program), arguments: Arguments(arguments), environment: .inherit.updating(changes), input: input,
      output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
    let status: Int32 =
      switch result.terminationStatus {
      case .exited(let code): code
      case .signaled(let signal): 128 + signal
      }
    return ClientResult(status: status, output: result.standardOutput, errors: result.standardError)
  }

  /// Where the client lies; nil where it is not installed.
  public static func path(_ kind: DaemonKind) -> String? {
    searchPath.split(separator: ":").map { "\($0)/\(kind.program)" }.first { access($0, X_OK) == 0 }
  }
}
