/// What a command answered.
package struct CommandOutput: Sendable {
  /// The exit status; 128 and the signal's number when one ended it.
  package let status: Int32
  /// What it wrote to standard output.
  package let output: String
  /// What it wrote to standard error.
  package let errors: String
}
