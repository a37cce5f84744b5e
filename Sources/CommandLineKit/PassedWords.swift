import ArgumentParser

/// The words that a command passes through, such as names, `--` and another command.
///
/// Options that stand in front of all of them, and that ArgumentParser therefore leaves among them, are answered here.
package enum PassedWords {
  /// Throws what answers the first word where that is an option: the help of `command`, the version of `program`, or that
  /// there is no such option.
  package static func checkFirst(
    _ words: [String], of command: some ParsableCommand, in program: any ParsableCommand.Type
  ) throws {
    switch words.first {
    case "--help", "-h": throw CleanExit.helpRequest(command)
    case "--version": throw CleanExit.message(program.configuration.version)
    case let word? where word.hasPrefix("-") && word != "--": throw ValidationError("Unknown option '\(word)'")
    default: return
    }
  }
}
