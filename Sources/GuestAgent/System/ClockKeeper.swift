import Glibc

/// Sets a guest's clock where the guest stood still and nobody else does, as when libvirt-guests wakes it or virsh resumes
/// it.
///
/// Looks once a second, which is all that a guest does that idles. A machine without an RTC is left alone.
struct ClockKeeper: Sendable {
  /// Seconds since 1970 as the RTC has them, see the kernel's Documentation/ABI/stable/sysfs-class-rtc.
  static let file = "/sys/class/rtc/rtc0/since_epoch"
  /// How long the next second of the RTC is waited for, in looks of 10 ms each.
  private static let patience = 300

  let system: GuestSystem
  let log: AgentLog

  /// Begins, on a thread of its own.
  func start() {
    guard let first = reading() else { return }
    AgentThread.start {
      var watch = ClockWatch(first)
      while true {
        sleep(1)
        guard let reading = reading() else { continue }
        guard let zone = watch.standstill(reading) else { continue }
        catchUp(reading, zone: zone)
        // At once: the guest may stand still again before the next look.
        if let now = self.reading() { watch = ClockWatch(now) }
      }
    }
  }

  /// What the clocks show now; nil without an RTC.
  func reading() -> ClockWatch.Reading? {
    guard let hardware = Int64(system.line(Self.file)) else { return nil }
    return ClockWatch.Reading(hardware: hardware, uptime: system.kernel.uptime(), time: system.kernel.time())
  }

  /// Sets the clock to the RTC plus `zone` seconds at the beginning of the RTC's next second, unless somebody else sets it
  /// meanwhile.
  func catchUp(_ found: ClockWatch.Reading, zone: Int64) {
    for _ in 0..<Self.patience {
      usleep(10_000)
      guard let now = reading(), now.hardware != found.hardware else { continue }
      let (time, overflows) = (now.hardware &+ zone).multipliedReportingOverflow(by: 1_000_000_000)
      guard !overflows, ClockHandler.sensible.contains(time) else { return }
      return system.settingClock.withLock { _ in
        guard let present = reading(), !ClockWatch.isSet(from: found, to: present) else { return }
        let behind = (time &- present.time) / 1_000_000_000
        // By NTP it may be right although the kernel counts slower than the machine.
        guard behind > 0 else { return }
        do {
          try system.kernel.setTime(time)
          log.note("the clock was \(behind) s behind, as the guest had stood still")
        } catch {
          log.note("the clock is behind, as the guest had stood still: \(error)")
        }
      }
    }
  }
}
