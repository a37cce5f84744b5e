import ArgumentParser

/// The options of every command that prints results.
package struct OutputOptions: ParsableArguments, Sendable {
  /// How results are written.
  @Option(name: .long, help: "How to print results: table, json or yaml.")
  package var format: OutputFormat = .table

  /// Whether only names are printed, one a line.
  @Flag(name: .shortAndLong, help: "Print names only, one a line.")
  package var quiet = false

  /// Makes the options with their defaults; ArgumentParser fills them in.
  package init() {}
}
