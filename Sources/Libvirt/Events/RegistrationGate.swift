import Glibc
import Synchronization

/// The calls of this process that register or take back events, which the end of the process must not cut off.
///
/// When a connection ends, libvirtd 9.0 goes through what was registered on it without the lock that these calls take
/// there: where one of them is still at work, it can crash, and all who use it lose their connections.
final class RegistrationGate: Sendable {
  /// The gate of all connections of this process.
  static let shared = RegistrationGate()

  private struct State {
    var underWay = 0
    var isClosed = false
  }

  private let state = Mutex(State())

  /// Runs `body`, one such call; nil, without a call, when the process ends.
  func pass<Value>(_ body: () throws -> Value) rethrows -> Value? {
    let isOpen = state.withLock { state in
      if !state.isClosed { state.underWay += 1 }
      return !state.isClosed
    }
    guard isOpen else { return nil }
    defer { state.withLock { $0.underWay -= 1 } }
    return try body()
  }

  /// Lets no call begin any more and waits for those under way, for that long at most; false when some are left.
  @discardableResult
  func close(waiting limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    state.withLock { $0.isClosed = true }
    while state.withLock({ $0.underWay > 0 }) {
      // A call takes less than a millisecond, as a rule, and few programs end in the middle of one.
      guard ContinuousClock.now < deadline else { return false }
      usleep(200)
    }
    return true
  }
}
