import Synchronization

/// Counts the signals that this program got.
final class SignalCounter: Sendable {
  private let count = Atomic(0)

  /// The number of the next one, from 1.
  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
