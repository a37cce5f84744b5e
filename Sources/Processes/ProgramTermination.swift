import Subprocess

/// How a program ended.
package enum ProgramTermination: Sendable, Equatable, CustomStringConvertible {
  /// It returned a status.
  case exited(Int32)
  /// A signal ended it.
  case signaled(Int32)

  init(_ status: TerminationStatus) {
    switch status {
    case .exited(let code): self = .exited(code)
    case .signaled(let signal): self = .signaled(signal)
    }
  }

  package var description: String {
    switch self {
    case .exited(let code): "exited(\(code))"
    case .signaled(let signal): "signaled(\(signal))"
    }
  }
}
