/// How a program ended, and what it printed.
package struct ProgramResult: Sendable, Equatable {
  package let end: ProgramTermination
  package let output: String
  package let errors: String

  package init(end: ProgramTermination = .exited(0), output: String = "", errors: String = "") {
    self.end = end
    self.output = output
    self.errors = errors
  }

  /// The exit status as a shell has it: 128 and the signal's number where one ended it.
  package var status: Int32 {
    switch end {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
