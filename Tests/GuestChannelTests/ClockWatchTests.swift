import Foundation
import TestSupport
import Testing

@testable import GuestAgent

@Suite("Guests that stood still")
struct ClockWatchTests {
  private static let begin: Int64 = 1_700_000_000
  private static let nano: Int64 = 1_000_000_000

  /// A reading after so many seconds of which the guest stood still for some; its clock is ahead of its RTC.
  private static func reading(
    after seconds: Double, still: Double = 0, ahead: Int64 = 0, set: Double = 0
  ) -> ClockWatch.Reading {
    ClockWatch.Reading(
      hardware: begin + Int64(seconds.rounded(.down)), uptime: Int64((seconds - still) * 1e9) + 5 * nano,
      time: (begin + ahead) * nano + Int64((seconds - still + set) * 1e9))
  }

  private static func verdict(_ first: ClockWatch.Reading, _ second: ClockWatch.Reading) -> Int64? {
    var watch = ClockWatch(first)
    return watch.standstill(second)
  }

  @Test("A guest that goes on is left alone, however its seconds fall")
  func goesOn() {
    var watch = ClockWatch(Self.reading(after: 0.3))
    for step in 1..<1000 { #expect(watch.standstill(Self.reading(after: 0.3 + Double(step) * 1.0137)) == nil) }
  }

  @Test("Many short moments come together")
  func short() {
    var watch = ClockWatch(Self.reading(after: 0.3))
    let verdicts = (1...20).map { step in
      let still = Double(step) * 0.5
      return watch.standstill(Self.reading(after: 0.3 + Double(step) + still, still: still))
    }
    // Nobody sets the clock here, so after the first it is not what the RTC keeps any more, once it is 3 s behind.
    #expect(verdicts.firstIndex(of: 0).map { (2...4).contains($0) } == true, "\(verdicts)")
  }

  @Test(
    "One that stood still gets the time of its RTC, which may be that of a time zone",
    arguments: [0, 7200, -12_600, 20_700])
  func stood(_ ahead: Int64) {
    for still in [2.5, 60, 1e6] {
      let verdict = Self.verdict(
        Self.reading(after: 10.5, ahead: ahead), Self.reading(after: 11.5 + still, still: still, ahead: ahead))
      #expect(verdict == ahead)
    }
  }

  @Test("A clock that the RTC does not keep, or that somebody has set meanwhile, is left alone")
  func others() {
    for ahead in [86_400, 40, -500, 1_000_000_000] as [Int64] {
      #expect(
        Self.verdict(Self.reading(after: 1, ahead: ahead), Self.reading(after: 62, still: 60, ahead: ahead)) == nil)
    }
    #expect(Self.verdict(Self.reading(after: 1), Self.reading(after: 62, still: 60, set: 60)) == nil)
    #expect(Self.verdict(Self.reading(after: 1), Self.reading(after: 62, still: 60, set: -7)) == nil)
  }

  @Test("A guest that slept by itself, and an RTC that was set back, are left alone")
  func slept() {
    #expect(Self.verdict(Self.reading(after: 1), Self.reading(after: 61)) == nil)
    #expect(Self.verdict(Self.reading(after: 100), Self.reading(after: 1)) == nil)
    let most = ClockWatch.Reading(hardware: .max, uptime: .max, time: .min)
    #expect(Self.verdict(Self.reading(after: 1), most) == nil)
    #expect(Self.verdict(most, Self.reading(after: 1)) == nil)
  }

  @Test(
    "The clock is set as the RTC's next second begins, unless somebody else sets it before", arguments: [false, true])
  func catchUp(_ isSet: Bool) async throws {
    let guest = try FakeGuest()
    let file = guest.system.path(ClockKeeper.file)
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
    let keeper = ClockKeeper(system: guest.system, log: AgentLog())
    #expect(keeper.reading() == nil, "there is no RTC")
    try "\(Self.begin + 60)\n".write(toFile: file, atomically: true, encoding: .utf8)
    let found = try #require(keeper.reading())
    #expect(found.hardware == Self.begin + 60 && found.time == Self.begin * Self.nano)
    let work = Task.detached { keeper.catchUp(found, zone: 3600) }
    if isSet { guest.kernel.state.withLock { $0.time += 60 * Self.nano } }
    try "\(Self.begin + 61)\n".write(toFile: file, atomically: true, encoding: .utf8)
    await work.value
    #expect(guest.kernel.calls == (isSet ? [] : ["time \((Self.begin + 61 + 3600) * Self.nano)"]))
  }
}
