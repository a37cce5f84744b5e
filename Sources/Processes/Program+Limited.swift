import Glibc
import NestorSupport

extension Program {
  /// Runs the program within limits, from one file to another where these are named; it ends with this process.
  ///
  /// Only root can have it end so (see ``runGuarded(_:note:)``); for others it is an ordinary child. A missing program is
  /// code `unavailable`, a full disk `noSpace`, anything else `failed` with the last lines of standard error as its cause.
  package func runLimited(
    _ arguments: [String], _ limits: ProgramLimits, input: String = "/dev/null", output: String = "/dev/null"
  ) async throws {
    // Paths come as arguments, so that nothing has to be quoted.
    let script = "in=$1 out=$2; shift 2; exec prlimit \"$@\" <\"$in\" >\"$out\""
    let words = ["-c", script, "sh", input, output] + limits.options + ["--", name] + arguments
    let shell = Program("sh", package: "dash")
    do {
      if geteuid() == 0 {
        try await shell.runGuarded(words, note: { _ in })
      } else {
        try await shell.run(words)
      }
    } catch var error as NestorError {
      let cause = error.cause ?? ""
      if cause.contains("failed to execute \(name)") {
        throw NestorError(.unavailable, "\(name) is not installed", hint: "install it: apt-get install \(package)")
      }
      error.message = "\(name) failed"
      throw error
    }
  }
}
