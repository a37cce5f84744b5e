import Glibc

/// The agent's words for whoever runs it, one line each on standard error.
///
/// What comes from a peer is shown with its control characters replaced, so that it cannot forge lines.
public struct AgentLog: Sendable {
  private let sink: @Sendable (String) -> Void

  /// Writes to standard error unless given another place.
  public init(
    _ sink: @escaping @Sendable (String) -> Void = { line in
      let bytes = Array("nestor-agent: \(line)\n".utf8)
      write(STDERR_FILENO, bytes, bytes.count)
    }
  ) {
    self.sink = sink
  }

  /// Writes a line.
  public func note(_ line: String) {
    sink(
      String(
        String.UnicodeScalarView(line.unicodeScalars.prefix(400).map { $0.value < 32 || $0.value == 127 ? "?" : $0 })))
  }
}
