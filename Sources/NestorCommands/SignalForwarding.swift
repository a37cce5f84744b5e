import CommandLineKit
import Dispatch
import Glibc
import GuestClient
import GuestProtocol
import Synchronization

/// Passes signals that this program gets on to a command in a guest; the third ctrl-C ends this program, and thereby the
/// command.
final class SignalForwarding {
  private final class Counter: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
  }

  private var sources: [any DispatchSourceSignal] = []

  /// Passes on the signals that ask a program to end, and on a terminal its changes of size.
  init(_ control: ExecControl, resizes: Bool) {
    let counter = Counter()
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      watch(number) {
        if number == SIGINT, counter.next() >= 3 { ProgramEnd.exit(128 + SIGINT) }
        control.send(signal: UInt32(number))
      }
    }
    if resizes { watch(SIGWINCH) { control.resize(TerminalSize.current) } }
  }

  private func watch(_ number: Int32, _ handler: @escaping @Sendable () -> Void) {
    // Dispatch sees a signal only where it does nothing by itself.
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number)
    source.setEventHandler(handler: handler)
    source.resume()
    sources.append(source)
  }

  /// Lets signals do again what they do by themselves.
  func stop() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH] { signal(number, SIG_DFL) }
    sources = []
  }
}
