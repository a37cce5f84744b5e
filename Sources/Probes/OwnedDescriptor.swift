import Glibc
import NestorSupport

/// A file descriptor that is closed when it goes out of use.
struct OwnedDescriptor: ~Copyable {
  let number: Int32

  /// Takes over an open descriptor.
  init(adopting number: Int32) {
    self.number = number
  }

  /// Opens a file or device close-on-exec; never waits for a FIFO or a line, creates nothing.
  init(opening path: String, _ flags: Int32 = O_RDWR) throws(SystemError) {
    let number = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard number >= 0 else { throw SystemError("open \(path)") }
    self.number = number
  }

  deinit {
    close(number)
  }
}

/// Passes a result of CLinux on: the number where it is not negative, else the error.
@discardableResult
func checked(_ result: Int32, _ call: @autoclosure () -> String) throws(SystemError) -> Int32 {
  guard result >= 0 else { throw SystemError(call(), number: -result) }
  return result
}
