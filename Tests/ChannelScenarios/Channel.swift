import GuestClient
import GuestProtocol

/// A way to a guest's agent, whatever carries its bytes.
package protocol Channel: Sendable {
  /// Whether nothing else begins or ends programs where the agent runs, so that they can be counted.
  var isAlone: Bool { get }

  /// Opens a session of its own, and closes it when the body has ended; waits where no more may be open at once.
  func withSession<Value>(_ body: (GuestSession) throws -> Value) throws -> Value
}

extension Channel {
  /// Runs a program over a session of its own and collects what it writes.
  func collect(_ request: ExecRequest, input: ByteSource = .none) throws -> Outcome {
    try withSession { try $0.outcome(of: request, input: input) }
  }

  /// Runs a line of shell over a session of its own and collects what it writes.
  func collect(_ line: String, input: ByteSource = .none) throws -> Outcome {
    try collect(.line(line), input: input)
  }
}
