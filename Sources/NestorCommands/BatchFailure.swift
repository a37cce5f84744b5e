import ArgumentParser
import CommandLineKit

/// The failures of some of several things, beside what is printed of the others.
struct BatchFailure: Error {
  /// What goes to standard output.
  let text: String
  /// At least one.
  let failures: [any Error]

  /// Prints a text; where it comes with failures these too, and throws what the program ends with.
  static func reporting(_ text: () throws -> String) throws {
    do {
      Terminal.print(try text())
    } catch let failure as BatchFailure {
      try failure.report()
    }
  }

  /// Prints the text and the failures; throws what the program ends with.
  func report() throws {
    Terminal.print(text)
    // A single failure ends the program the usual way; of several the status is theirs if they agree.
    if failures.count == 1 { throw failures[0] }
    for failure in failures { ErrorReport.show(failure) }
    let statuses = Set(failures.map { ExitStatus($0) })
    throw ExitCode((statuses.count == 1 ? statuses.first ?? .failure : .failure).rawValue)
  }
}
