/// What a program reads from standard input.
package enum ProgramInput: Sendable, Equatable {
  /// Nothing.
  case none
  case text(String)
  /// The file at a path.
  case file(String)
}
