import CLinux
import Glibc

/// Ends a ``SessionLoop`` from another thread.
public final class Interruption: Sendable {
  /// Readable once it was raised.
  public let descriptor: Int32

  /// Makes an eventfd(2).
  public init() throws(TransportError) {
    descriptor = nestor_eventfd()
    guard descriptor >= 0 else { throw TransportError("make an eventfd", number: -descriptor) }
  }

  deinit {
    close(descriptor)
  }

  /// Ends whatever polls the descriptor, now and later.
  public func raise() {
    var one: UInt64 = 1
    write(descriptor, &one, 8)
  }
}
