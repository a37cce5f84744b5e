import Glibc
import GuestTransport

/// Waiting for a descriptor without a loop.
enum Waiting {
  /// Blocks until the descriptor is readable or at its end, at most so many milliseconds where that is not negative;
  /// answers whether it is.
  static func wait(for descriptor: Int32, milliseconds: Int64) -> Bool {
    let end = milliseconds < 0 ? Int64.max : Clock.now() + milliseconds
    while true {
      let rest = milliseconds < 0 ? -1 : Int32(clamping: max(0, end - Clock.now()))
      var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
      let count = poll(&entry, 1, rest)
      if count > 0 { return true }
      if count < 0 && errno != EINTR { return false }
      if milliseconds >= 0 && Clock.now() >= end { return false }
    }
  }
}
