import Glibc
import GuestTransport
import Synchronization

/// Work that may block, on a thread of its own, so that the session goes on meanwhile.
final class BackgroundTask<Value: Sendable>: Sendable {
  private let finished: Interruption
  private let outcome = Mutex<Value?>(nil)

  private init() throws(TransportError) {
    finished = try Interruption()
  }

  /// Begins the work.
  static func start(_ work: @escaping @Sendable () -> Value) throws -> BackgroundTask {
    let task = try BackgroundTask()
    guard AgentThread.start({ task.finish(work()) }) else { throw KernelError("start a thread", number: EAGAIN) }
    return task
  }

  private func finish(_ value: Value) {
    outcome.withLock { $0 = value }
    finished.raise()
  }

  /// Readable once the work is done.
  var descriptor: Int32 { finished.descriptor }

  /// What came of it, once it is done.
  var value: Value? { outcome.withLock { $0 } }

  /// Blocks until the work is done, for at most `timeout`; answers whether it is.
  @discardableResult
  func wait(timeout: Duration) -> Bool {
    Waiting.wait(for: descriptor, timeout: timeout)
  }
}
