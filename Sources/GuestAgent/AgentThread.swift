import CLinux

/// A detached thread with a small stack: an agent has one for each session and each program.
enum AgentThread {
  private final class Job {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }

  /// Runs `body` on a new thread; answers false where the system has no room for one, and `body` is not run.
  @discardableResult
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let job = Unmanaged.passRetained(Job(body))
    let status = nestor_start_thread(
      { argument in
        if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
      }, job.toOpaque(), 256 * 1024)
    if status != 0 { job.release() }
    return status == 0
  }
}
