import Glibc
import Synchronization

/// The process IDs of the agent's own children, so that whoever reaps orphans leaves them to their threads.
final class ChildTable: Sendable {
  private let children = Mutex<Set<pid_t>>([])

  /// Runs `start` and notes the child that it answers with, before anybody can see it end.
  func adding(_ start: () -> pid_t) -> pid_t {
    children.withLock { children in
      let id = start()
      if id > 0 { children.insert(id) }
      return id
    }
  }

  /// Forgets a child that was reaped.
  func remove(_ id: pid_t) {
    children.withLock { _ = $0.remove(id) }
  }

  /// How many there are.
  var count: Int { children.withLock { $0.count } }

  /// Whether somebody waits for this child.
  func contains(_ id: pid_t) -> Bool {
    children.withLock { $0.contains(id) }
  }
}
