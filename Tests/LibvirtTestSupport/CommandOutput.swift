/// What a command answered.
public struct CommandOutput: Sendable {
  /// The exit status; 128 and the signal's number when one ended it.
  public let status: Int32
  /// What it wrote to standard output.
  public let output: String
  /// What it wrote to standard error.
  public let errors: String
}
