import Glibc

/// An exclusive lock between processes, by flock(2) on a file of its own.
///
/// The kernel lets go of the lock when its holder dies, so a killed program leaves nothing that blocks the next one.
/// `release` removes the file too; a waiter that got the lock on a removed file notices and tries again on the new one.
/// Two locks of the same path in one process exclude each other like two processes do.
package final class FileLock: Sendable {
  package let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Takes the lock at once, or answers nil where somebody else holds it.
  ///
  /// Throws ``SystemError`` when the file cannot be made.
  package static func tryAcquire(_ path: String) throws -> FileLock? {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { throw SystemError("open \(path)") }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let failure = SystemError("flock \(path)")
        close(descriptor)
        if failure.number == EWOULDBLOCK { return nil }
        if failure.number == EINTR { continue }
        throw failure
      }
      if names(path, descriptor) { return FileLock(path: path, descriptor: descriptor) }
      close(descriptor)
    }
  }

  /// Whether nobody holds the lock at this moment; the file stays as it is.
  package static func isFree(_ path: String) throws -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      if errno == ENOENT { return true }
      throw SystemError("open \(path)")
    }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  /// Takes the lock, waiting for at most `timeout` while another holder has it.
  ///
  /// flock(2) cannot be told of a time limit, so this looks again at short, growing intervals. Throws a
  /// ``NestorError`` with code `busy` that names `purpose` when the time is over. `waiting` is called, once, where somebody
  /// else has it.
  package static func acquire(
    _ path: String, purpose: String, timeout: Duration, waiting: @Sendable () -> Void = {}
  ) async throws -> FileLock {
    let clock = ContinuousClock()
    let deadline = clock.now + timeout
    var pause = Duration.milliseconds(2)
    var hasWaited = false
    while true {
      if let lock = try tryAcquire(path) { return lock }
      if !hasWaited { waiting() }
      hasWaited = true
      guard clock.now < deadline else {
        throw NestorError(
          .busy, "cannot \(purpose)", cause: "another nestor still holds \(path) after \(timeout.components.seconds) s",
          hint: "wait for it to end; `fuser -v \(path)` names the process")
      }
      try await clock.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(25))
    }
  }

  /// Whether the path still names the very file that was locked.
  private static func names(_ path: String, _ descriptor: Int32) -> Bool {
    var held = stat()
    var named = stat()
    return fstat(descriptor, &held) == 0 && stat(path, &named) == 0
      && held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }

  deinit {
    // The name goes first, while the lock still keeps others off; letting go first could remove a newcomer's file.
    unlink(path)
    close(descriptor)
  }
}

extension FileLock {
  /// Runs `body` while holding the lock of `path`, see ``acquire(_:purpose:timeout:waiting:)``.
  package static func holding<Value>(
    _ path: String, purpose: String, timeout: Duration = .seconds(60), waiting: @Sendable () -> Void = {},
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
  ) async throws -> Value {
    let lock = try await acquire(path, purpose: purpose, timeout: timeout, waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    return try await body()
  }
}
