import Glibc
import NestorSupport

/// Says on standard error what went wrong.
package enum ErrorReport {
  /// The text for an error: what failed, why, and the hint on a line of its own.
  package static func text(_ error: any Error, color: Bool = false) -> String {
    let label = color ? "\u{1b}[31merror:\u{1b}[0m" : "error:"
    return "\(label) \(error is CancellationError ? "interrupted" : lines("\(error)"))"
  }

  /// A text of several lines, in which what came from elsewhere cannot move the cursor.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map { Renderer.printable(String($0)) }
        .joined(separator: "\t")
    }.joined(separator: "\n")
  }

  /// Prints an error.
  package static func show(_ error: any Error) {
    Terminal.note(text(error, color: Terminal.showsColor(STDERR_FILENO)))
  }

  /// Prints a warning.
  package static func warn(_ message: String) {
    let label = Terminal.showsColor(STDERR_FILENO) ? "\u{1b}[33mwarning:\u{1b}[0m" : "warning:"
    Terminal.note("\(label) \(lines(message))")
  }
}
