import Glibc

/// A moment of the kernel's clock that only goes forward, CLOCK_MONOTONIC: setting the time does not change it.
///
/// The standard library's `ContinuousClock` belongs to its concurrency, which an agent does without.
package struct Instant: Comparable, Sendable {
  private let sinceStart: Duration

  /// A moment that does not come.
  package static let never = Instant(sinceStart: .seconds(Int64.max / 2))

  package static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(sinceStart: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
  }

  package static func < (left: Instant, right: Instant) -> Bool { left.sinceStart < right.sinceStart }

  package static func + (moment: Instant, duration: Duration) -> Instant {
    Instant(sinceStart: moment.sinceStart + duration)
  }

  /// The time from the right moment to the left one.
  package static func - (left: Instant, right: Instant) -> Duration { left.sinceStart - right.sinceStart }

  /// The time until then as poll(2) takes it, in milliseconds; rounded up, since a look just before is one in vain.
  package var pollTimeout: Int32 { Int32(clamping: max(0, (self - .now + .nanoseconds(999_999)).milliseconds)) }
}
