import GuestTransport
import Testing

@Suite("A moment")
struct InstantTests {
  @Test("is waited for until it is there, and not at all once it is over")
  func pollTimeout() {
    let now = Instant.now
    #expect((now + .seconds(-5)).pollTimeout == 0 && now.pollTimeout == 0)
    let later = now + .seconds(1_000)
    for _ in 0..<50 {
      let timeout = later.pollTimeout
      // Never too short: poll(2) would be called again and again in a millisecond's last part.
      #expect(.milliseconds(timeout) >= later - .now && timeout <= 1_000_000)
    }
    #expect(Instant.never.pollTimeout == .max)
    #expect(Instant.never > now + .seconds(1_000_000_000_000) && Instant.never - now > .zero)
  }

  @Test("goes forward")
  func order() {
    let first = Instant.now
    #expect(Instant.now >= first && first + .nanoseconds(1) > first && first + .seconds(1) - first == .seconds(1))
  }

  @Test(
    "is so many milliseconds from another, however far that is",
    arguments: [
      (.zero, 0), (.nanoseconds(999_999), 0), (.milliseconds(7), 7), (.milliseconds(-7), -7), (.seconds(90), 90_000),
      (.seconds(Int64.max), .max), (.seconds(Int64.min), .min), (.seconds(Int64.max / 1_000 + 1), .max),
    ] as [(Duration, Int64)])
  func milliseconds(duration: Duration, expected: Int64) {
    #expect(duration.milliseconds == expected)
  }
}
