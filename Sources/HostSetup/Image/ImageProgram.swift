import Glibc
import NestorSupport
import Subprocess
import SystemPackage

/// Another program that does a part of an image's making, such as mksquashfs.
struct ImageProgram: Sendable {
  /// The most that is taken of what a program prints, in bytes.
  private static let outputLimit = 8 * 1024 * 1024
  /// Programs that root alone uses lie in sbin, which is not on everybody's PATH; messages are read, so English.
  private static let changes: [Environment.Key: String?] = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
  ]

  /// Its name, or its path.
  let name: String
  /// The Debian package that has it, for the hint when it is missing.
  let package: String

  init(_ name: String, package: String) {
    self.name = name
    self.package = package
  }

  /// Runs the program and answers with its standard output; `environment` goes over this process's own.
  @discardableResult
  func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> String {
    let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
    var changes = Self.changes
    for (key, value) in environment { changes[Environment.Key(stringLiteral: key)] = value }
    do {
      result = try await Subprocess.run(
        name.contains("/") ? .path(FilePath(name)) : .name(name), arguments: Arguments(arguments),
        environment: .inherit.updating(changes), input: .none,
        output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw missing
    }
    guard result.terminationStatus.isSuccess else {
      throw failure(result.standardError.split(separator: "\n").map(String.init), result.terminationStatus)
    }
    return result.standardOutput
  }

  /// Runs the program, for long work: it ends, with all that it started, when this process does, even by SIGKILL.
  ///
  /// It gets a process namespace whose first process waits for the end of a pipe that this process alone holds open; with
  /// that process the kernel ends all others in it, see pid_namespaces(7). Each line that the program writes to standard
  /// error is handed to `note`. Needs root.
  func runGuarded(_ arguments: [String], note: @escaping @Sendable (String) -> Void) async throws {
    guard Self.isInstalled(name) else { throw missing }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError("pipe") }
    defer { close(ends[1]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let guardian = """
      exec 3<&0
      "$@" 3<&- </dev/null &
      program=$!
      { cat <&3 >/dev/null; kill -KILL -1; } &
      wait "$program"
      """
    let result = try await Subprocess.run(
      .name("unshare"),
      arguments: Arguments(
        ["--pid", "--fork", "--kill-child=KILL", "--mount-proc", "sh", "-c", guardian, "sh", name] + arguments),
      environment: .inherit.updating(Self.changes),
      input: .fileDescriptor(FileDescriptor(rawValue: ends[0]), closeAfterSpawningProcess: true),
      output: .discarded, error: .sequence
    ) { execution in
      var last: [String] = []
      for try await line in execution.standardError.strings() {
        last = (last + [line]).suffix(5)
        note(line)
      }
      return last
    }
    guard result.terminationStatus.isSuccess else { throw failure(result.closureResult, result.terminationStatus) }
  }

  private static func isInstalled(_ name: String) -> Bool {
    guard let path = changes["PATH"] ?? nil else { return false }
    return path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  private var missing: NestorError {
    NestorError(.unavailable, "\(name) is not installed", hint: "install it: apt-get install \(package)")
  }

  private func failure(_ lines: [String], _ status: TerminationStatus) -> NestorError {
    NestorError(.failed, "\(name) failed", cause: lines.isEmpty ? "\(status)" : lines.suffix(5).joined(separator: "; "))
  }
}
