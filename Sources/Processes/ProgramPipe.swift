import Glibc
import NestorSupport
import Synchronization

/// A pipe of which a program gets one end; what is still open of it is closed when this value goes.
final class ProgramPipe: Sendable {
  private let ends: (read: Int32, write: Int32)
  private let open: Mutex<(read: Bool, write: Bool)>

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError("pipe") }
    // A program that is started meanwhile must not hold an end open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.ends = (ends[0], ends[1])
    open = Mutex((true, true))
  }

  deinit {
    open.withLock { open in
      if open.read { close(ends.read) }
      if open.write { close(ends.write) }
    }
  }

  var readEnd: Int32 { ends.read }
  var writeEnd: Int32 { ends.write }

  func closeWriteEnd() {
    open.withLock { open in
      if open.write { close(ends.write) }
      open.write = false
    }
  }

  /// The end for a program, which is closed here once that has it.
  func takeReadEnd() -> (descriptor: Int32, isClosed: Bool) {
    open.withLock { $0.read = false }
    return (ends.read, true)
  }

  func takeWriteEnd() -> (descriptor: Int32, isClosed: Bool) {
    open.withLock { $0.write = false }
    return (ends.write, true)
  }
}
