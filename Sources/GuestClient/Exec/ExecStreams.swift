/// A program's input and outputs as its client has them.
public struct ExecStreams {
  /// What it reads.
  public var input: ByteSource
  /// What it writes; on a terminal, all of it.
  public var output: ByteSink
  /// What it writes to standard error.
  public var errors: ByteSink

  /// Makes streams of their parts.
  public init(input: ByteSource, output: ByteSink, errors: ByteSink) {
    self.input = input
    self.output = output
    self.errors = errors
  }
}
