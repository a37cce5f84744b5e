import CLibvirt
import Glibc

/// Threads by POSIX, detached and with a name that tools show.
enum Thread {
  private final class Body {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// Starts a thread; false where the system has no room for one. A name has at most 15 bytes.
  static func start(name: String, _ run: @escaping @Sendable () -> Void) -> Bool {
    let body = Unmanaged.passRetained(Body(name: name, run: run))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        nestor_name_thread(body.name)
        Thread.blockBrokenPipes()
        body.run()
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      body.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Lets writing to a socket that the daemon has closed be an error and not the end of the program.
  ///
  /// libvirt writes without MSG_NOSIGNAL and leaves SIGPIPE to the program. It comes to the thread that wrote, so it is
  /// blocked here, and what the program does with its signals stays its own affair.
  private static func blockBrokenPipes() {
    var signals = brokenPipe
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Runs `body` on a thread of somebody else's, on which no SIGPIPE comes of it either.
  static func withoutBrokenPipes(_ body: () -> Void) {
    var signals = brokenPipe
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    body()
    guard sigismember(&before, SIGPIPE) == 0 else { return }
    // One that waits would come now.
    var now = timespec()
    sigtimedwait(&signals, nil, &now)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  private static var brokenPipe: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    return signals
  }
}
