import CommandLineKit
import Glibc
import GuestClient
import GuestProtocol

/// Passes signals that this program gets on to a command in a guest; the third ctrl-C ends this program, and thereby the
/// command.
final class SignalForwarding {
  private let handling: SignalHandling

  /// Passes on the signals that ask a program to end, and on a terminal its changes of size.
  init(_ control: ExecControl, resizes: Bool) {
    let counter = SignalCounter()
    handling = SignalHandling([SIGINT, SIGTERM, SIGHUP, SIGQUIT] + (resizes ? [SIGWINCH] : [])) { number in
      if number == SIGWINCH { return control.resize(TerminalSize.current) }
      if number == SIGINT, counter.next() >= 3 { ProgramEnd.exit(128 + SIGINT) }
      control.send(signal: UInt32(number))
    }
  }

  /// Lets signals do again what they do by themselves.
  func stop() { handling.stop() }
}
