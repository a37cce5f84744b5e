/// A program's input and outputs as its client has them.
package struct ExecStreams {
  /// What it reads.
  package var input: ByteSource
  /// What it writes; on a terminal, all of it.
  package var output: ByteSink
  /// What it writes to standard error.
  package var errors: ByteSink

  package init(input: ByteSource, output: ByteSink, errors: ByteSink) {
    self.input = input
    self.output = output
    self.errors = errors
  }
}
