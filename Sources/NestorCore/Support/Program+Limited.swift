import Glibc
import NestorSupport

/// What a program may use that reads something of which nobody knows whether it was made to do harm, see prlimit(1).
struct ProgramLimits: Sendable {
  /// Its memory in bytes of address space.
  var memory: UInt64 = 4 << 30
  /// Its time on processors in seconds.
  var seconds: UInt64 = 3600
  /// The size in bytes of the largest file that it writes.
  var fileSize: UInt64

  fileprivate var options: [String] {
    ["--as=\(memory)", "--cpu=\(seconds)", "--fsize=\(fileSize)", "--core=0"]
  }
}

extension ProgramLimits {
  /// Whether a program that failed did so since it wrote all that it may; a sparse file need not be that large.
  ///
  /// The shell that a program is guarded by names the signal, but not where the program died before the shell came to wait
  /// for it: then there is only its exit status.
  static func hasReachedFileSize(_ error: NestorError) -> Bool {
    let signs = ["File too large", "File size limit exceeded", "signaled(\(SIGXFSZ))", "exited(\(128 + SIGXFSZ))"]
    return signs.contains { error.cause?.contains($0) == true }
  }
}

extension Program {
  /// Runs the program within limits, from one file to another where these are named; it ends with this process.
  ///
  /// Only root can have it end so (see ``runGuarded(_:note:)``); for others it is an ordinary child. A missing program is
  /// code `unavailable`, a full disk `noSpace`, anything else `failed` with the last lines of standard error as its cause.
  func runLimited(
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
      if cause.contains("No space left on device") || cause.contains("Disk quota exceeded") {
        error.code = .noSpace
        error = error.hinting("free some space where the state folder lies, then run it again")
      }
      throw error
    }
  }
}
