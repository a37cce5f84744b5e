import Foundation

/// What a program that has ended left behind.
package struct ProgramResult: Sendable, CustomStringConvertible {
  /// The command line, for messages.
  package let command: String
  /// The exit status, or 128 and the number of the signal that ended it, as in the shell.
  package let status: Int32
  /// What it wrote to standard output.
  package let output: String
  /// What it wrote to standard error.
  package let errors: String
  /// How long it ran, in seconds.
  package let seconds: Double

  /// The lines of standard output.
  package var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// Standard output, read as JSON.
  package func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(output.utf8))
  }

  /// All of it, for messages.
  package var description: String {
    "`\(command)` ended with \(status) after \(seconds) s; output:\n\(output)errors:\n\(errors)"
  }
}
