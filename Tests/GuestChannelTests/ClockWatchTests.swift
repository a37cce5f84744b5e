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
    after seconds: Double = 0, still: Double = 0, ahead: Double = 0, set: Double = 0, moved: Double = 0
  ) -> ClockWatch.Reading {
    let uptime = Int64((seconds - still) * 1e9) + 5 * nano
    return ClockWatch.Reading(
      hardware: begin + Int64((seconds + moved).rounded(.down)), elapsed: uptime, uptime: uptime,
      time: begin * nano + Int64((ahead + seconds - still + set) * 1e9))
  }

  private static func finding(
    ahead: Double = 0, zone: Int64 = 0, _ reading: ClockWatch.Reading
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
    for still in [1.0, 2, 60, 3600, 7200, 1e6] {
      let late = Self.reading(after: 7 + still, still: still, ahead: Double(ahead))
      for zone in [0, -ahead] {
        // What brings a wrong clock and the RTC together is no standstill, as far as anybody can tell.
        let isWritten = ahead > 0 && zone == 0 && still == Double(ahead)
        #expect(
          Self.finding(ahead: Double(ahead), zone: zone, late) == (isWritten ? .set : .stoodStill(Int64(still * 1e9))))
      }
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

  @Test("A clock that was set before the guest stood still is behind, one that was set right afterwards is not")
  func setAndStood() {
    for zone in [Int64(0), 7200, -18_000] {
      for still in [1.0, 2, 5, 60, 1e6] {
        // Its clock was an hour behind, and somebody set it right just before.
        let behind = -3600 - Double(zone)
        let late = Self.reading(after: 7 + still, still: still, ahead: behind, set: 3600)
        #expect(Self.finding(ahead: behind, zone: zone, late) == .stoodStill(Int64(still * 1e9)))
        let right = Self.reading(after: 7 + still, still: still, ahead: behind, set: 3600 + still)
        #expect(Self.finding(ahead: behind, zone: zone, right) == .set)
      }
    }
    // Somebody has put back what was missed, of a clock that was not the RTC's.
    #expect(Self.finding(ahead: -60, Self.reading(after: 67, still: 60, ahead: -60, set: 60)) == .set)
    // Nothing says what a clock is behind that never was the RTC's.
    #expect(Self.finding(ahead: 500, Self.reading(after: 67, still: 60, ahead: 500, set: 90)) == .set)
  }

  @Test("Clocks that somebody has set, or an RTC that was written, say nothing")
  func others() {
    #expect(Self.finding(Self.reading(after: 62, still: 60, set: 60)) == .set)
    #expect(Self.finding(Self.reading(after: 62, still: 60, set: -7)) == .set)
    #expect(Self.finding(Self.reading(after: 5, moved: -100)) == .set)
    // The RTC is given the local time instead of UTC, in a zone ahead of it, or UTC instead of the local time behind it.
    #expect(Self.finding(zone: 7200, Self.reading(after: 5, moved: 7200)) == .set)
    #expect(Self.finding(ahead: 18_000, Self.reading(after: 5, ahead: 18_000, moved: 18_000)) == .set)
    // NTP keeps the clock, the hypervisor's is behind, and the kernel writes the RTC.
    for behind in [0.75, 1.5, 2.5, 40] {
      let written = Self.reading(after: 4 + behind.rounded(.up) - behind, ahead: behind, moved: behind)
      #expect(Self.finding(ahead: behind, written) == .set)
    }
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
    try write(Self.begin, guest)
    let watch = ClockWatch(base: try #require(keeper.reading()))
    #expect(watch.base.hardware == Self.begin && watch.base.time == Self.begin * Self.nano)
    try write(Self.begin + 60, guest)
    let present = try #require(keeper.reading())
    if isSet { guest.kernel.state.withLock { $0.time += 60 * Self.nano } }
    let next = keeper.catchUp(watch, present)
    #expect(guest.kernel.calls == (isSet ? [] : ["time \((Self.begin + 60) * Self.nano)"]))
    #expect(guest.kernel.time() == (Self.begin + 60) * Self.nano)
    // It may stand still again at once.
    if !isSet { #expect(next.look(try #require(keeper.reading()), zone: 0) == .wentOn) }
  }

  @Test("Time that passes while the clock is set is not lost")
  func slowSetting() throws {
    let guest = try FakeGuest()
    let keeper = ClockKeeper(system: guest.system, log: AgentLog { _ in })
    try write(Self.begin, guest)
    let watch = ClockWatch(base: try #require(keeper.reading()))
    try write(Self.begin + 60, guest)
    guest.kernel.state.withLock { $0.delays = [3 * Self.nano, Self.nano / 2] }
    _ = keeper.catchUp(watch, try #require(keeper.reading()))
    #expect(guest.kernel.calls.count == 3)
    #expect(guest.kernel.time() == (Self.begin + 60) * Self.nano + 3_500_000_000)
  }

  @Test("On a busy machine, clocks are read less exactly, never so that time is missed that was not")
  func slowReadings() throws {
    let guest = try FakeGuest()
    let keeper = ClockKeeper(system: guest.system, log: AgentLog { _ in })
    try write(Self.begin, guest)
    // The time that has elapsed is read three times in all.
    guest.kernel.state.withLock { $0.pace = 150_000_000 }
    let slow = try #require(keeper.reading())
    #expect(keeper.reading(within: 300_000_000) == nil)
    guest.kernel.state.withLock { $0.pace = 250_000_000 }
    #expect(keeper.reading() == nil)
    // The RTC's second was nearly over, it was read 0.4 s before the other clocks, and its next one has just begun.
    var later = slow
    let passed: Int64 = 4_620_000_000
    later.hardware += 6
    (later.elapsed, later.uptime, later.time) = (slow.elapsed + passed, slow.uptime + passed, slow.time + passed)
    #expect(ClockWatch(base: slow, isRough: true).look(later, zone: 0) == .wentOn)
  }

  /// Gives the guest an RTC that shows so many seconds.
  private func write(_ seconds: Int64, _ guest: FakeGuest) throws {
    try guest.write(ClockKeeper.file, "\(seconds)\n")
  }
}
