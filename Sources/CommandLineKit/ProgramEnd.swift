import Glibc
import Synchronization

/// The end of a program.
package enum ProgramEnd {
  private static let last = Mutex<(@Sendable () -> Void)?>(nil)

  /// Has the end of the program run `body` first, and nothing that was named before.
  package static func prepare(by body: @escaping @Sendable () -> Void) {
    last.withLock { $0 = body }
  }

  /// Does what was asked for by ``prepare(by:)``.
  static func prepare() {
    last.withLock { $0 }?()
  }

  /// Ends the process at once with a status.
  ///
  /// The C library's own exit would run the destructors of libvirt and what it loads while their threads still work, and
  /// has been seen to wait for them for ever.
  package static func exit(_ status: Int32) -> Never {
    prepare()
    fflush(nil)
    _exit(status)
  }
}
