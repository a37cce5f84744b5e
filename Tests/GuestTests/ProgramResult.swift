import Foundation

/// What a program that has ended left behind.
struct ProgramResult: Sendable, CustomStringConvertible {
  /// The command line, for messages.
  let command: String
  /// The exit status, or 128 and the number of the signal that ended it, as in the shell.
  let status: Int32
  /// What it wrote to standard output.
  let output: String
  /// What it wrote to standard error.
  let errors: String
  /// How long it ran, in seconds.
  let seconds: Double

  /// The lines of standard output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// Standard output, read as JSON.
  func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(output.utf8))
  }

  var description: String {
    "`\(command)` ended with \(status) after \(seconds) s; output:\n\(output)errors:\n\(errors)"
  }
}
