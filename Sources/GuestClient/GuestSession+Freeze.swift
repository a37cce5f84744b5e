import Glibc
import GuestProtocol
import GuestTransport
import NestorSupport

extension GuestSession {
  /// Lends a session to the thread that keeps it alive.
  ///
  /// Unchecked: the session goes to that thread when it starts and comes back when `isOver` is readable; in between nobody
  /// else touches it.
  private final class Loan: @unchecked Sendable {
    let session: GuestSession
    let release: Interruption
    let isOver: Interruption
    var outcome: Result<Void, any Error> = .success(())

    init(_ session: GuestSession) throws {
      self.session = session
      release = try Interruption()
      isOver = try Interruption()
    }

    func keep() {
      outcome = Result { try session.run(ThawOperation(session.connection, release: release)) }
      isOver.raise()
    }
  }

  /// Freezes the guest's file systems, calls `body` with where they are mounted, and thaws them.
  ///
  /// `body` runs on the caller's thread, while another one keeps the session alive; it must not use the session. The agent
  /// thaws by itself when the session ends or the request's time limit is reached: then this throws although `body` did
  /// not, since what `body` made may be of a time after the thaw. Throws ``OperationFailure`` where a file system cannot be
  /// frozen or thawed, and whatever `body` throws.
  package func freeze<Value>(
    _ request: FreezeRequest = FreezeRequest(), while body: (_ mountPoints: [[UInt8]]) throws -> Value
  ) throws -> Value {
    try require(.freeze, "freeze file systems")
    let work = FreezeOperation(connection, request)
    let loan = try Loan(self)
    try run(work)
    BlockingWork.start { loan.keep() }
    let value = Result { try body(work.mountPoints) }
    loan.release.raise()
    var entry = pollfd(fd: loan.isOver.descriptor, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
    while poll(&entry, 1, -1) < 1 {}
    // What went wrong with the freeze comes second to what went wrong with the work.
    let result = try value.get()
    try loan.outcome.get()
    return result
  }
}
