import GuestProtocol
import GuestTransport
import Synchronization

/// The sessions of an agent, for its limit and for the list that clients can ask for.
final class SessionTable: Sendable {
  private struct Row {
    var entry: SessionEntry
    let began: Instant
  }

  private struct State {
    var rows: [UInt64: Row] = [:]
    var next: UInt64 = 1
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether another session would be one too many.
  var isFull: Bool { state.withLock { $0.rows.count >= limit } }

  /// Notes a session that was authenticated; answers with its number, or nil where there is no room.
  func add(transport: String, client: String) -> UInt64? {
    state.withLock { state in
      guard state.rows.count < limit else { return nil }
      var entry = SessionEntry()
      entry.number = state.next
      entry.transport = transport
      entry.client = client
      state.rows[state.next] = Row(entry: entry, began: Instant.now)
      state.next += 1
      return entry.number
    }
  }

  /// Changes what is known of a session.
  func update(_ number: UInt64, _ change: (inout SessionEntry) -> Void) {
    state.withLock { state in
      guard var row = state.rows[number] else { return }
      change(&row.entry)
      state.rows[number] = row
    }
  }

  /// Forgets a session.
  func remove(_ number: UInt64) {
    state.withLock { _ = $0.rows.removeValue(forKey: number) }
  }

  /// All sessions in the order of their numbers.
  func list(for asking: UInt64) -> [SessionEntry] {
    state.withLock { state in
      state.rows.values.map { row in
        var entry = row.entry
        entry.age = UInt64(max(0, (Instant.now - row.began).milliseconds))
        entry.isOwn = entry.number == asking
        return entry
      }
    }.sorted { $0.number < $1.number }
  }
}
