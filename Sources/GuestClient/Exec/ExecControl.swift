import CLinux
import Glibc
import GuestProtocol
import GuestTransport
import Synchronization

/// Reaches a program in a guest from other threads than the one that runs its session.
package final class ExecControl: Sendable {
  /// What to tell the program.
  enum Event: Sendable, Equatable {
    case signal(UInt32)
    case resize(TerminalSize)
  }

  /// Readable while events wait.
  let descriptor: Int32
  private let events = Mutex<[Event]>([])

  /// Makes a control; one serves one program.
  package init() throws(TransportError) {
    descriptor = nestor_eventfd()
    guard descriptor >= 0 else { throw TransportError("make an eventfd", number: -descriptor) }
  }

  deinit {
    close(descriptor)
  }

  /// Sends a signal, from 1 to 64, to the program and its process group.
  package func send(signal number: UInt32) {
    add(.signal(number))
  }

  /// Gives its terminal another size.
  package func resize(_ size: TerminalSize) {
    add(.resize(size))
  }

  /// Takes the events that wait.
  func take() -> [Event] {
    var count: UInt64 = 0
    read(descriptor, &count, 8)
    return events.withLock { events in
      defer { events = [] }
      return events
    }
  }

  private func add(_ event: Event) {
    events.withLock { $0.append(event) }
    var one: UInt64 = 1
    write(descriptor, &one, 8)
  }
}
