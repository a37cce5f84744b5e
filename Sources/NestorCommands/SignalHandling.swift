import CommandLineKit
import Dispatch
import Glibc

/// Does something of its own when this program gets a signal, instead of what the signal does by itself.
final class SignalHandling {
  private let sources: [any DispatchSourceSignal]
  private let numbers: [Int32]

  /// Calls `handler` with the number of each of these signals that comes, on a thread of Dispatch's.
  init(_ numbers: [Int32], _ handler: @escaping @Sendable (Int32) -> Void) {
    self.numbers = numbers
    sources = numbers.map { number in
      // Dispatch sees a signal only where it does nothing by itself.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { handler(number) }
      source.resume()
      return source
    }
  }

  /// Lets the signals do again what they do by themselves.
  func stop() {
    for source in sources { source.cancel() }
    for number in numbers { signal(number, SIG_DFL) }
  }

  /// The signals by which a user, or a system that goes down, asks a program to end.
  static let ending = [SIGINT, SIGTERM, SIGHUP]

  /// Runs `body`, which when its task is cancelled still finishes what cannot be left in the middle.
  ///
  /// The first request to end cancels it; the third ends the program at once, and the next command about the guest then
  /// ends the work.
  static func finishing<Value: Sendable>(
    _ line: ProgressLine, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let counter = SignalCounter()
    return try await cancelling(body) { number in
      line.clear()
      if counter.next() >= 3 { ProgramEnd.exit(128 + number) }
      Terminal.note("ending as soon as no guest is left in the middle of something; the third time ends it at once")
    }
  }

  /// Runs `body`, which ends by itself in good order when its task is cancelled; a request to end does that, after `asked`
  /// has heard of it.
  static func cancelling<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value, asked: @escaping @Sendable (Int32) -> Void = { _ in },
    isolation: isolated (any Actor)? = #isolation
  ) async throws -> Value {
    let work = Task { try await body() }
    let handling = SignalHandling(ending) { number in
      asked(number)
      work.cancel()
    }
    defer { handling.stop() }
    return try await work.value
  }
}
