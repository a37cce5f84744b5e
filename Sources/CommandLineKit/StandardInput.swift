import Glibc
import NestorSupport

/// What is typed or piped into the program.
package enum StandardInput {
  /// The bytes as they come, until the end of the input. A thread of its own reads them, since that blocks.
  ///
  /// The thread stays in its last read when nobody listens any more, so this is for programs that end then.
  package static func chunks() -> AsyncStream<[UInt8]> {
    AsyncStream { continuation in
      BlockingWork.start {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
          let count = read(STDIN_FILENO, &buffer, buffer.count)
          if count < 0 && errno == EINTR { continue }
          guard count > 0, case .enqueued = continuation.yield(Array(buffer.prefix(count))) else { break }
        }
        continuation.finish()
      }
    }
  }
}
