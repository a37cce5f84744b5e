import GuestTransport

/// How far a copy is.
package struct CopyProgress: Sendable, Equatable {
  /// The bytes that were copied so far, holes included.
  package var bytes: UInt64
  /// The bytes that there are, where that is known: when one file is copied.
  package var total: UInt64?
  /// The path of what is being copied, from the top entry.
  package var path: [UInt8]
}

/// Tells of a copy's progress, often enough to be watched and seldom enough to cost nothing.
struct CopyMeter {
  private static let interval = Duration.milliseconds(100)
  private let report: ((CopyProgress) -> Void)?
  private var next = Instant.now

  init(_ report: ((CopyProgress) -> Void)?) {
    self.report = report
  }

  mutating func tell(_ progress: @autoclosure () -> CopyProgress, atOnce: Bool = false) {
    guard let report else { return }
    let now = Instant.now
    guard atOnce || now >= next else { return }
    next = now + Self.interval
    report(progress())
  }
}
