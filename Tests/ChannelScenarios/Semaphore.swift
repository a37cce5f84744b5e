import Glibc
import Synchronization

/// Lets a thread wait until others have said so as often.
final class Semaphore: Sendable {
  private let count: Mutex<Int>

  init(_ value: Int = 0) { count = Mutex(value) }

  func signal() { count.withLock { $0 += 1 } }

  /// Looks every few milliseconds: scenarios have time.
  func wait() {
    while !count.withLock({
      guard $0 > 0 else { return false }
      $0 -= 1
      return true
    }) { usleep(5_000) }
  }
}
