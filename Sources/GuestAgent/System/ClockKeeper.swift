import Glibc

/// Sets a guest's clock forward where the guest stood still and nobody else sets it, as when libvirt-guests wakes it or virsh
/// resumes it.
///
/// Looks more than once a second, so that a clock is right two seconds after its guest goes on: what was missed is counted
/// from where the next second begins. A clock that was ahead or behind before is so afterwards.
struct ClockKeeper: Sendable {
  /// Seconds since 1970 as the RTC has them, see the kernel's Documentation/ABI/stable/sysfs-class-rtc.
  static let file = "/sys/class/rtc/rtc0/since_epoch"
  /// Between two looks, in microseconds.
  private static let pause: UInt32 = 800_000
  /// How many looks are compared with one reading: clocks drift apart in the long run.
  private static let looks = 600
  /// The driver of the RTC may come after the agent, in seconds.
  private static let patience = 120
  /// How long it may take to read the clocks one after the other, in nanoseconds: less than `ClockWatch.tolerance`.
  private static let slowest: Int64 = 400_000_000
  /// What may pass in nanoseconds between two clocks that are read at once.
  private static let inaccuracy: Int64 = 50_000_000

  let system: GuestSystem
  let log: AgentLog

  /// Begins, on a thread of its own; ends where the machine has no RTC.
  func start() {
    // Before anybody can reach the agent, and then let the guest stand still.
    let first: ClockWatch.Reading? = (0..<3).reduce(nil) { found, _ in found ?? reading() }
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
      usleep(Self.pause)
      looks += 1
      guard let reading = reading() else { continue }
      if watch.look(reading, zone: zone()) == .wentOn, !watch.isRough, looks < Self.looks { continue }
      // What is counted from stays until this is read, so that nothing is lost meanwhile.
      guard let present = readingAtSecond() else { continue }
      looks = 0
      watch = catchUp(watch, present)
    }
  }

  /// Sets the clock forward by what was missed until a reading, if anything; returns what has to be counted from now.
  func catchUp(_ watch: ClockWatch, _ reading: ClockWatch.Reading) -> ClockWatch {
    guard case .stoodStill(let missed) = watch.look(reading, zone: zone()) else { return ClockWatch(base: reading) }
    let (wanted, overflows) = reading.bootTime.addingReportingOverflow(missed)
    guard !overflows else { return ClockWatch(base: reading) }
    let seconds = missed / 1_000_000_000
    do throws(KernelError) {
      let isDone = try system.settingClock.withLock { _ throws(KernelError) -> Bool? in
        guard let present = bootTime() else { return nil }
        // Somebody else may have set it since.
        guard (present &- reading.bootTime).magnitude < UInt64(ClockWatch.tolerance) else { return false }
        return try setClock(bootTime: wanted)
      }
      guard let isDone else { return watch }
      guard isDone else { return ClockWatch(base: reading) }
    } catch {
      log.note("the clock is \(seconds) s behind, as the guest stood still: \(error)")
      return ClockWatch(base: reading)
    }
    log.note("the clock was \(seconds) s behind, as the guest had stood still")
    var right = reading
    right.time &+= missed
    return ClockWatch(base: right)
  }

  /// What the clock would have shown at the boot, see ``ClockWatch/Reading/bootTime``; nil where something always came
  /// between the clocks that it is read from.
  private func bootTime() -> Int64? {
    for _ in 0..<10 {
      let (before, time, after) = (system.kernel.uptime(), system.kernel.time(), system.kernel.uptime())
      if after &- before < Self.inaccuracy { return time &- after }
    }
    return nil
  }

  /// Sets the clock so that it would have shown this at the boot; once more where something came between. False for a time
  /// that makes no sense.
  private func setClock(bootTime wanted: Int64) throws(KernelError) -> Bool {
    for _ in 0..<5 {
      let target = system.kernel.uptime() &+ wanted
      guard ClockHandler.sensible.contains(target) else { return false }
      try system.kernel.setTime(target)
      if let present = bootTime(), (present &- wanted).magnitude < UInt64(2 * Self.inaccuracy) { break }
    }
    return true
  }

  /// What the clocks show now; nil where they cannot be read, or only slower than `limit` in nanoseconds.
  func reading(within limit: Int64 = slowest) -> ClockWatch.Reading? {
    let kernel = system.kernel
    let before = kernel.elapsed()
    guard let hardware = Int64(system.line(Self.file)) else { return nil }
    let (elapsed, uptime, time) = (kernel.elapsed(), kernel.uptime(), kernel.time())
    guard kernel.elapsed() &- before < limit else { return nil }
    return ClockWatch.Reading(hardware: hardware, elapsed: elapsed, uptime: uptime, time: time)
  }

  /// What the clocks show as the RTC's next second begins, to a fifth of a second, or less exactly on a machine that is too
  /// busy for that; nil where it was not to be seen at all.
  func readingAtSecond() -> ClockWatch.Reading? {
    let exact: Int64 = 200_000_000
    for limit in [exact, exact, Self.slowest, Self.slowest, Self.slowest] {
      if let reading = nextSecond(within: limit) { return reading }
    }
    return nil
  }

  /// What the clocks show as the RTC's next second begins; nil where that was not seen to `limit` nanoseconds.
  private func nextSecond(within limit: Int64) -> ClockWatch.Reading? {
    // The second may begin while the clocks are read, or between two readings.
    let half = limit / 2
    var last = reading(within: half)
    for _ in 0..<150 {
      usleep(10_000)
      let next = reading(within: half)
      if let last, let next, next.hardware != last.hardware {
        let isNext = next.hardware == last.hardware &+ 1 && next.elapsed &- last.elapsed < half
        return isNext ? next : nil
      }
      last = next
    }
    return nil
  }

  /// What the RTC keeps ahead of UTC in seconds, see hwclock(8).
  private func zone() -> Int64 {
    guard system.line("/etc/adjtime").hasSuffix("LOCAL") else { return 0 }
    var now = Glibc.time(nil)
    var local = tm()
    tzset()
    localtime_r(&now, &local)
    return Int64(local.tm_gmtoff)
  }
}
