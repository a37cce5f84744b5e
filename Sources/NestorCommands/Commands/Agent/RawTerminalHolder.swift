import CommandLineKit
import Synchronization

/// A terminal that is made raw at some moment, and given back at the end whether it was or not.
final class RawTerminalHolder: Sendable {
  private let terminal = Mutex<RawTerminal?>(nil)

  /// Makes standard input raw, where it is a terminal.
  func makeRaw() {
    terminal.withLock { if $0 == nil { $0 = RawTerminal() } }
  }

  /// Gives the terminal back.
  func restore() {
    terminal.withLock {
      $0?.restore()
      $0 = nil
    }
  }
}
