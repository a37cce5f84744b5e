import Glibc

/// Standard output and standard error, and what they are connected to.
package enum Terminal {
  /// Whether people read standard error on a terminal, so that progress may be shown there.
  package static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 && !isDumb }

  /// Whether colours may be used on a descriptor: a terminal, and no `NO_COLOR`, see no-color.org.
  package static func showsColor(_ descriptor: Int32) -> Bool {
    guard isatty(descriptor) == 1, !isDumb else { return false }
    guard let value = getenv("NO_COLOR") else { return true }
    return value.pointee == 0
  }

  private static var isDumb: Bool {
    guard let value = getenv("TERM") else { return true }
    return String(cString: value) == "dumb"
  }

  /// Writes results to standard output; a reader that went away ends the program, as it does for others.
  package static func print(_ text: String) {
    write(Array(text.utf8), to: STDOUT_FILENO)
  }

  /// Writes notes, warnings and errors to standard error.
  package static func note(_ text: String) {
    write(Array((text + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes bytes to a descriptor, all of them or as many as it takes.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
        continue
      }
      guard count > 0 else { return }
      written += count
    }
  }
}
