import Glibc
import Synchronization

/// The threads on which libvirt's blocking calls run.
///
/// Swift's own threads are as many as there are cores and must not be held up by a daemon; these may. libvirtd serves
/// five calls of a connection at a time unless it is set otherwise, so more threads would only wait there. They are
/// made when they are needed and stay.
final class CallExecutor: Sendable {
  /// The executor of all connections of this process.
  static let shared = CallExecutor(width: 8)

  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var threads = 0
    var idle = 0
  }

  private let width: Int
  private let state = Mutex(State())
  private let wakeUp = Semaphore()

  init(width: Int) {
    self.width = width
  }

  /// Runs `body` on one of the threads; the task that asked is suspended meanwhile.
  ///
  /// A call that has begun cannot be taken back, so cancellation has no effect before it ends.
  func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      enqueue { continuation.resume(with: Result { try body() }) }
    }
  }

  /// Lets one of the threads do something of which nobody waits for the end.
  func enqueue(_ job: @escaping @Sendable () -> Void) {
    let needsThread = state.withLock { state in
      state.jobs.append(job)
      guard state.idle < state.jobs.count, state.threads < width else { return false }
      state.threads += 1
      return true
    }
    if needsThread && !Thread.start(name: "libvirt-call", { self.work() }) {
      let isAlone = state.withLock { state in
        state.threads -= 1
        return state.threads == 0
      }
      // Without any thread the job would wait for ever; late and here is better than never. Otherwise one of the other
      // threads takes it, and has to be told like for any job.
      if isAlone {
        Thread.withoutBrokenPipes { next()?() }
        return
      }
    }
    wakeUp.signal()
  }

  private func work() {
    while true {
      state.withLock { $0.idle += 1 }
      wakeUp.wait()
      state.withLock { $0.idle -= 1 }
      next()?()
    }
  }

  private func next() -> (@Sendable () -> Void)? {
    state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
  }
}
