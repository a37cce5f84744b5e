import Glibc
import GuestTransport

/// A pipe whose ends are closed with it.
final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw TransportError("make a pipe") }
    (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    for end in [reading, writing] where end >= 0 { close(end) }
  }

  /// Hands an end over to the caller.
  func takeReading() -> Int32 {
    defer { reading = -1 }
    return reading
  }

  /// Hands an end over to the caller.
  func takeWriting() -> Int32 {
    defer { writing = -1 }
    return writing
  }
}
