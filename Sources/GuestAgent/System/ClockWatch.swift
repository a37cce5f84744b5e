/// Finds out from a guest's clocks for how long it stood still without its knowledge: it was suspended, slept on the host's
/// disk, or went back to a snapshot.
///
/// Its kernel's clocks stand still with it, while its hardware clock (the RTC) is the hypervisor's and goes on. Whoever
/// writes the RTC makes it jump as well; then it agrees with the guest's clock afterwards, which nobody has set.
struct ClockWatch: Sendable {
  /// What the clocks show at one moment.
  struct Reading: Sendable, Equatable {
    /// The RTC, in whole seconds since 1970 of whatever time zone it keeps.
    var hardware: Int64
    /// The time since the boot in nanoseconds, sleep that the guest itself asked for counted in, as no NTP slews it.
    var elapsed: Int64
    /// CLOCK_BOOTTIME in nanoseconds.
    var uptime: Int64
    /// CLOCK_REALTIME in nanoseconds since 1970.
    var time: Int64

    /// Whether the guest's clock is so many seconds ahead of its RTC.
    fileprivate func agrees(ahead seconds: Int64) -> Bool {
      (time / ClockWatch.second &- hardware &- seconds).magnitude <= 2
    }
  }

  /// What the clocks say of the time since the beginning.
  enum Finding: Sendable, Equatable {
    /// The guest has gone on.
    case wentOn
    /// It has stood still for so many nanoseconds; up to a second more where the reading is not of a second's beginning.
    case stoodStill(Int64)
    /// A clock was set, so that nothing can be said.
    case set
  }

  private static let second: Int64 = 1_000_000_000
  /// What is not more, in nanoseconds, is no standstill but the readings' inaccuracy.
  static let tolerance: Int64 = second / 2

  /// What is counted from.
  let base: Reading
  /// Whether that was read at any time, and not as a second of the RTC began.
  var isRough = false

  /// Compares with a later reading. `zone` is what local time is ahead of UTC in seconds, which the RTC may keep; it
  /// is asked for only where time is missed.
  func look(_ reading: Reading, zone: @autoclosure () -> Int64) -> Finding {
    let (passed, overflows) = (reading.hardware &- base.hardware).multipliedReportingOverflow(by: Self.second)
    let isSet = ((reading.time &- reading.uptime) &- (base.time &- base.uptime)).magnitude > UInt64(Self.tolerance)
    let missed = passed &- (reading.elapsed &- base.elapsed)
    // Between two seconds the RTC shows up to one less than it is.
    guard !overflows, !isSet, missed > -(Self.second + Self.tolerance) else { return .set }
    guard missed > Self.tolerance + (isRough ? Self.second : 0) else { return .wentOn }
    let wasWritten = [0, 0 &- zone()].contains { !base.agrees(ahead: $0) && reading.agrees(ahead: $0) }
    // In the middle of what it may be.
    return wasWritten ? .set : .stoodStill(missed - (isRough ? Self.second / 2 : 0))
  }
}
