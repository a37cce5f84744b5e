import Foundation
import TestSupport
import Testing

@testable import GuestAgent

@Suite("Guests that stood still")
struct ClockWatchTests {
  private static let begin: Int64 = 1_700_000_000
  private static let nano: Int64 = 1_000_000_000

  /// A reading so many seconds after one at a second's beginning; the guest stood still for some of them, its clock is ahead
  /// of its RTC and was set by some more, and the RTC was moved.
  private static func reading(
    after seconds: Double = 0, still: Double = 0, ahead: Int64 = 0, set: Double = 0, moved: Int64 = 0
  ) -> ClockWatch.Reading {
    let uptime = Int64((seconds - still) * 1e9) + 5 * nano
    return ClockWatch.Reading(
      hardware: begin + Int64(seconds.rounded(.down)) + moved, elapsed: uptime, uptime: uptime,
      time: (begin + ahead) * nano + Int64((seconds - still + set) * 1e9))
  }

  private static func finding(
    ahead: Int64 = 0, zone: Int64 = 0, _ reading: ClockWatch.Reading
  ) -> ClockWatch.Finding {
    ClockWatch(base: Self.reading(ahead: ahead)).look(reading, zone: zone)
  }

  @Test("A guest that goes on is left alone, however its seconds fall")
  func goesOn() {
    for step in 0..<1000 {
      #expect(Self.finding(Self.reading(after: Double(step) * 1.0137)) == .wentOn)
    }
    // It slept by itself: its kernel knows.
    #expect(Self.finding(Self.reading(after: 3600)) == .wentOn)
  }

  @Test(
    "For how long it stood still is told to the second, also where its clock is not the RTC's",
    arguments: [0, 7200, -12_600, 40, 86_400])
  func stood(_ ahead: Int64) {
    for still in [2.0, 60, 1e6] {
      let found = Self.finding(ahead: ahead, zone: -ahead, Self.reading(after: 7 + still, still: still, ahead: ahead))
      #expect(found == .stoodStill(Int64(still * 1e9)))
    }
    // Many short moments come together.
    let found = (1...9).map { step in
      let still = Double(step) * 0.25
      return Self.finding(Self.reading(after: Double(step) + still, still: still))
    }
    #expect(found.contains { if case .stoodStill = $0 { true } else { false } } && found[0] == .wentOn, "\(found)")
  }

  @Test("A beginning in the middle of a second makes it less sure, never wrong", arguments: [0.01, 0.5, 0.99])
  func rough(_ fraction: Double) {
    let watch = ClockWatch(base: Self.reading(after: fraction), isRough: true)
    for step in 1..<100 { #expect(watch.look(Self.reading(after: Double(step) * 1.037), zone: 0) == .wentOn) }
    guard case .stoodStill(let missed) = watch.look(Self.reading(after: 70, still: 60), zone: 0) else {
      Issue.record("a minute was not noticed")
      return
    }
    #expect(abs(Double(missed) / 1e9 - 60) <= 0.51)
  }

  @Test("Clocks that somebody has set, or an RTC that was written, say nothing")
  func others() {
    #expect(Self.finding(Self.reading(after: 62, still: 60, set: 60)) == .set)
    #expect(Self.finding(Self.reading(after: 62, still: 60, set: -7)) == .set)
    #expect(Self.finding(Self.reading(after: 5, moved: -100)) == .set)
    // The RTC is given the local time instead of UTC, in a zone ahead of it, or UTC instead of the local time behind it.
    #expect(Self.finding(zone: 7200, Self.reading(after: 5, moved: 7200)) == .set)
    #expect(Self.finding(ahead: 18_000, zone: -18_000, Self.reading(after: 5, ahead: 18_000, moved: 18_000)) == .set)
    // A clock that was set forward an hour is written to the RTC.
    #expect(Self.finding(ahead: 3600, Self.reading(after: 5, ahead: 3600, moved: 3600)) == .set)
    for extreme in [Int64.min, .max] {
      var far = Self.reading(after: 5)
      (far.hardware, far.time) = (extreme, extreme)
      #expect(Self.finding(zone: extreme, far) == .set)
    }
  }

  @Test("The clock is set forward by what was missed, unless somebody else has set it", arguments: [false, true])
  func catchUp(_ isSet: Bool) throws {
    let guest = try FakeGuest()
    let keeper = ClockKeeper(system: guest.system, log: AgentLog { _ in })
    #expect(keeper.reading() == nil, "there is no RTC")
    let file = guest.system.path(ClockKeeper.file)
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try "\(Self.begin)\n".write(toFile: file, atomically: true, encoding: .utf8)
    let watch = ClockWatch(base: try #require(keeper.reading()))
    #expect(watch.base.hardware == Self.begin && watch.base.time == Self.begin * Self.nano)
    try "\(Self.begin + 60)\n".write(toFile: file, atomically: true, encoding: .utf8)
    let present = try #require(keeper.reading())
    if isSet { guest.kernel.state.withLock { $0.time += 60 * Self.nano } }
    let next = keeper.catchUp(watch, present)
    #expect(guest.kernel.calls == (isSet ? [] : ["time \((Self.begin + 60) * Self.nano)"]))
    #expect(guest.kernel.time() == (Self.begin + 60) * Self.nano)
    // It may stand still again at once.
    if !isSet { #expect(ClockWatch(base: next).look(try #require(keeper.reading()), zone: 0) == .wentOn) }
  }
}
