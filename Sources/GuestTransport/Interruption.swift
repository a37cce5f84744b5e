import CLinux
import Glibc

/// Ends a ``SessionLoop`` from another thread.
package final class Interruption: Sendable {
  /// Readable once it was raised.
  package let descriptor: Int32

  /// Makes an eventfd(2).
  package init() throws(TransportError) {
    descriptor = nestor_eventfd()
    guard descriptor >= 0 else { throw TransportError("make an eventfd", number: -descriptor) }
  }

  deinit {
    close(descriptor)
  }

  /// Ends whatever polls the descriptor, now and later.
  package func raise() {
    var one: UInt64 = 1
    write(descriptor, &one, 8)
  }
}
