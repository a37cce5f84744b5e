import Synchronization

/// Collects lines from any thread.
package final class Lines: Sendable {
  private let lines = Mutex<[String]>([])

  package init() {}

  package var all: [String] { lines.withLock { $0 } }

  /// The lines since this was last asked for.
  package func taken() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }

  package func add(_ line: String) { lines.withLock { $0.append(line) } }
}
