import Glibc

/// Runs work that blocks on a thread of its own, so that Swift's few threads stay free.
package enum BlockingWork {
  private final class Job {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }

  /// Runs `body` and answers with its result; without a free thread it runs right here.
  package static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      start { continuation.resume(returning: body()) }
    }
  }

  /// Runs `body` on a thread of its own; what it throws comes out here.
  package static func throwing<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await run { Result { try body() } }.get()
  }

  /// Runs `body` on a detached thread, or right here where the system has no room for one.
  package static func start(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let job = Unmanaged.passRetained(Job(body))
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, job.toOpaque())
    if status == 0 {
      pthread_detach(thread)
    } else {
      job.takeRetainedValue().run()
    }
  }
}
