import Glibc
import GuestTransport

/// Waiting for a descriptor without a loop.
enum Waiting {
  /// Blocks until the descriptor is readable or at its end, for at most `timeout` where one is given; answers whether it is.
  static func wait(for descriptor: Int32, timeout: Duration?) -> Bool {
    let end = timeout.map { Instant.now + $0 }
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
      let count = poll(&entry, 1, end?.pollTimeout ?? -1)
      if count > 0 { return true }
      if count < 0 && errno != EINTR { return false }
      if let end, .now >= end { return false }
    }
  }
}
