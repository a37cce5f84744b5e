import Glibc

/// Sets a guest's clock forward where the guest stood still and nobody else sets it, as when libvirt-guests wakes it or virsh
/// resumes it.
///
/// Looks once a second. A clock that was ahead or behind before is so afterwards.
struct ClockKeeper: Sendable {
  /// Seconds since 1970 as the RTC has them, see the kernel's Documentation/ABI/stable/sysfs-class-rtc.
  static let file = "/sys/class/rtc/rtc0/since_epoch"
  /// How many looks are compared with one reading: clocks drift apart in the long run.
  private static let looks = 600
  /// The driver of the RTC may come after the agent, in seconds.
  private static let patience = 120

  let system: GuestSystem
  let log: AgentLog

  /// Begins, on a thread of its own; ends where the machine has no RTC.
  func start() {
    // Before anybody can reach the agent, and then let the guest stand still.
    let first = reading()
    AgentThread.start {
      if let first { watch(from: first) }
      for _ in 0..<Self.patience {
        sleep(1)
        if let base = reading() { watch(from: base) }
      }
    }
  }

  /// Looks for ever.
  private func watch(from base: ClockWatch.Reading) -> Never {
    var watch = ClockWatch(base: base, isRough: true)
    var looks = 0
    while true {
      sleep(1)
      looks += 1
      guard let reading = reading() else { continue }
      let found = watch.look(reading, zone: Self.zone())
      if found == .wentOn, !watch.isRough, looks < Self.looks { continue }
      if found == .set { watch = ClockWatch(base: reading, isRough: true) }
      // What is counted from stays until this is read, so that nothing is lost meanwhile.
      guard let present = readingAtSecond() else { continue }
      looks = 0
      watch = ClockWatch(base: catchUp(watch, present))
    }
  }

  /// Sets the clock forward by what was missed until a reading, if anything; answers with what has to be counted from now.
  func catchUp(_ watch: ClockWatch, _ reading: ClockWatch.Reading) -> ClockWatch.Reading {
    guard case .stoodStill(let missed) = watch.look(reading, zone: Self.zone()) else { return reading }
    var failure: KernelError?
    let isDone = system.settingClock.withLock { _ in
      // Somebody else may have set it before.
      let (time, uptime) = (system.kernel.time(), system.kernel.uptime())
      let moved = (time &- uptime) &- (reading.time &- reading.uptime)
      let (target, overflows) = time.addingReportingOverflow(missed)
      guard moved.magnitude < UInt64(ClockWatch.tolerance), !overflows, ClockHandler.sensible.contains(target) else {
        return false
      }
      do throws(KernelError) { try system.kernel.setTime(target) } catch { failure = error }
      return failure == nil
    }
    let seconds = missed / 1_000_000_000
    if let failure { log.note("the clock is \(seconds) s behind, as the guest stood still: \(failure)") }
    guard isDone else { return reading }
    log.note("the clock was \(seconds) s behind, as the guest had stood still")
    var right = reading
    right.time &+= missed
    return right
  }

  /// What the clocks show now; nil where the RTC cannot be read, or only slowly.
  func reading() -> ClockWatch.Reading? {
    let before = system.kernel.uptime()
    guard let hardware = Int64(system.line(Self.file)) else { return nil }
    let kernel = system.kernel
    let (elapsed, uptime, time) = (kernel.elapsed(), kernel.uptime(), kernel.time())
    guard uptime &- before < 100_000_000 else { return nil }
    return ClockWatch.Reading(hardware: hardware, elapsed: elapsed, uptime: uptime, time: time)
  }

  /// What the clocks show as the RTC's next second begins, to a tenth of a second; nil where that was not to be seen.
  func readingAtSecond() -> ClockWatch.Reading? {
    for _ in 0..<10 {
      var last = reading()
      for _ in 0..<150 {
        usleep(10_000)
        let next = reading()
        if let last, let next, next.hardware != last.hardware {
          if next.hardware == last.hardware &+ 1, next.elapsed &- last.elapsed < 100_000_000 { return next }
          break
        }
        last = next
      }
    }
    return nil
  }

  /// What local time is ahead of UTC in seconds.
  private static func zone() -> Int64 {
    var now = Glibc.time(nil)
    var local = tm()
    tzset()
    localtime_r(&now, &local)
    return Int64(local.tm_gmtoff)
  }
}
