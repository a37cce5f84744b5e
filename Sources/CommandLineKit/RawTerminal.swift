import Glibc

/// Standard input as a raw terminal: every key comes at once, unechoed, ctrl-C included; as it was again at the end.
package final class RawTerminal: Sendable {
  private let saved: termios

  /// Makes standard input raw; nil where it is no terminal.
  package init?() {
    var settings = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    saved = settings
    cfmakeraw(&settings)
    guard tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0 else { return nil }
  }

  /// Makes the terminal what it was.
  package func restore() {
    var settings = saved
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }
}
