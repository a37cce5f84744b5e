import Glibc
import NestorSupport
import Synchronization

/// One line on the terminal that says how far the work is, with the time it took so far; nothing elsewhere.
package final class ProgressLine: Sendable {
  private struct State {
    var report: ProgressReport?
    var isShown = false
  }

  private let state = Mutex(State())
  private let isActive: Bool
  private let begun = ContinuousClock.now
  private let ticker = Mutex<Task<Void, Never>?>(nil)

  /// A line that shows itself where standard error is a terminal.
  package init(isActive: Bool = Terminal.showsProgress) {
    self.isActive = isActive
    guard isActive else { return }
    let task = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(1))
        guard let self else { return }
        self.draw()
      }
    }
    ticker.withLock { $0 = task }
  }

  /// Takes a report; may be called from any thread.
  package func show(_ report: ProgressReport) {
    guard isActive else { return }
    state.withLock { $0.report = report }
    draw()
  }

  /// The function to hand to the core.
  package var handler: ProgressHandler { { [weak self] in self?.show($0) } }

  /// Takes the line away, so that something else can be printed.
  package func clear() {
    state.withLock {
      if $0.isShown { Terminal.write(Array("\r\u{1b}[K".utf8), to: STDERR_FILENO) }
      $0.isShown = false
    }
  }

  /// Takes the line away for good.
  package func end() {
    ticker.withLock {
      $0?.cancel()
      $0 = nil
    }
    state.withLock { $0.report = nil }
    clear()
  }

  private func draw() {
    let seconds = begun.duration(to: .now).components.seconds
    state.withLock {
      guard let report = $0.report else { return }
      let part = report.fraction.map { " \(Int($0 * 100)) %" } ?? ""
      let line = Renderer.printable("\(report.subject): \(report.stage)\(part) (\(seconds) s)")
      Terminal.write(Array("\r\u{1b}[K\(line)".utf8), to: STDERR_FILENO)
      $0.isShown = true
    }
  }

  deinit {
    ticker.withLock { $0?.cancel() }
  }
}
