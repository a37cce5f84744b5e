import Glibc
import NestorSupport
import Subprocess
import SystemPackage

extension Program {
  /// Runs the program, for long work: it ends, with all that it started, when this process does, even by SIGKILL.
  ///
  /// It gets a process namespace, whose first process waits for the end of a pipe that only this process holds open; with
  /// that process the kernel ends all others in it, see pid_namespaces(7). Needs root. Each line that the program writes to
  /// standard error is handed to `note`. Throws as ``run(_:input:directory:environment:)`` does.
  package func runGuarded(_ arguments: [String], note: @escaping @Sendable (String) -> Void) async throws {
    guard isInstalled else { throw missing }
    let pipe = try ProgramPipe()
    defer { pipe.closeWriteEnd() }
    // kill spares the process that calls it and the first one, which then ends by itself.
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
      environment: Self.environment(),
      input: .fileDescriptor(FileDescriptor(rawValue: pipe.takeReadEnd().descriptor), closeAfterSpawningProcess: true),
      output: .discarded, error: .sequence
    ) { execution in
      var lines: [String] = []
      for try await line in execution.standardError.strings() {
        lines = (lines + [line]).suffix(5)
        note(line)
      }
      return lines
    }
    guard result.terminationStatus.isSuccess else {
      throw failure(["…"], result.closureResult, ProgramTermination(result.terminationStatus))
    }
  }

  /// Whether a shell would find the program.
  private var isInstalled: Bool {
    name.contains("/") ? access(name, X_OK) == 0 : Self.path(of: name, in: Self.searchPath) != nil
  }
}
