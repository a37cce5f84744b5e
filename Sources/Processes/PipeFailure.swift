import Glibc
import NestorSupport

/// How a program failed that was one end of a pipe, and what it said.
package struct PipeFailure: ExplainableError {
  let name: String
  let end: ProgramTermination
  let errors: String

  /// What it said, or how it ended where it said nothing.
  package var reason: String {
    let words = errors.split(separator: "\n").map { $0.trimmingPrefix("\(name): ").split(separator: " ") }
    if !words.isEmpty { return words.map { $0.joined(separator: " ") }.joined(separator: "; ") }
    return end == .signaled(SIGPIPE) ? "whoever reads what \(name) writes has gone" : "\(name): \(end)"
  }

  package func explained(_ message: String, hint: String?) -> NestorError {
    NestorError(Program.isOfFullDisk(errors) ? .noSpace : .failed, message, cause: reason, hint: hint)
  }
}
