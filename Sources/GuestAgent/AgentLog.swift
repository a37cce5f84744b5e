import Glibc
import GuestTransport
import Synchronization

/// The agent's words for whoever runs it, one line each on standard error.
///
/// What comes from a peer is shown with its control characters replaced, so that it cannot forge lines.
package struct AgentLog: Sendable {
  private final class Allowance: Sendable {
    let state = Mutex((lines: AgentLog.burst, since: Instant.now, leftOut: 0))
  }

  /// How many lines those who did not prove themselves can cause at once, and after what time one more.
  private static let burst = 20
  private static let pause = Duration.seconds(5)

  private let sink: @Sendable (String) -> Void
  private let allowance = Allowance()

  /// Writes to standard error unless given another place.
  package init(
    _ sink: @escaping @Sendable (String) -> Void = { line in
      let bytes = Array("nestor-agent: \(line)\n".utf8)
      write(STDERR_FILENO, bytes, bytes.count)
    }
  ) {
    self.sink = sink
  }

  /// Writes a line.
  package func note(_ line: String) {
    sink(
      String(
        String.UnicodeScalarView(line.unicodeScalars.prefix(400).map { $0.value < 32 || $0.value == 127 ? "?" : $0 })))
  }

  /// Writes a line that anybody who reaches the agent can cause, unless there were too many of those.
  package func logUnauthenticated(_ line: String) {
    let leftOut: Int? = allowance.state.withLock { state in
      let gained = Int((Instant.now - state.since) / Self.pause)
      if gained > 0 {
        state.lines = min(Self.burst, state.lines + gained)
        state.since = state.since + Self.pause * gained
      }
      guard state.lines > 0 else {
        state.leftOut += 1
        return nil
      }
      state.lines -= 1
      defer { state.leftOut = 0 }
      return state.leftOut
    }
    guard let leftOut else { return }
    if leftOut > 0 { note("left out \(leftOut) lines like the next one") }
    note(line)
  }
}
