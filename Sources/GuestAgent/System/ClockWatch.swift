/// Finds out from a guest's clocks for how long it stood still without its knowledge: it was suspended, slept on the host's
/// disk, or went back to a snapshot.
///
/// Its kernel's clocks stand still with it, while its hardware clock (the RTC) is the hypervisor's and goes on. Whoever
/// writes the RTC makes it jump as well, as a kernel does whose clock NTP keeps: it brings the RTC to the clock, while a
/// standstill takes them apart. Where the clock was set, too, what brings them together says likewise what came last.
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

    /// What the clock would have shown at the boot, in nanoseconds: changes only where somebody sets it.
    var bootTime: Int64 { time &- uptime }
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

  /// Compares with a later reading. `zone` is what the RTC keeps ahead of UTC in seconds: none, or the local time's; it is
  /// asked for only where time is missed.
  func look(_ reading: Reading, zone: @autoclosure () -> Int64) -> Finding {
    let (passed, overflows) = (reading.hardware &- base.hardware).multipliedReportingOverflow(by: Self.second)
    let set = reading.bootTime &- base.bootTime
    let isSet = set.magnitude > UInt64(Self.tolerance)
    let missed = passed &- (reading.elapsed &- base.elapsed)
    // Between two seconds the RTC shows up to one less than it is.
    guard !overflows, missed > -(Self.second + Self.tolerance) else { return .set }
    // What the beginning may be off, either way.
    let slack = isRough ? Self.second / 2 : 0
    guard missed > Self.tolerance + 2 * slack else { return isSet ? .set : .wentOn }
    // In the middle of what it may be.
    let stoodStill = missed - slack
    // How far the clock is ahead of the RTC, and would be with what was missed.
    let now = reading.time &- (reading.hardware &- zone()) &* Self.second
    let then = now &+ stoodStill
    // Both begin their seconds when they like, but for that they agree.
    let agreement = UInt64(Self.second + slack)
    if isSet {
      let isUndone = (set &- stoodStill).magnitude <= UInt64(Self.tolerance + slack)
      let isBehind = then.magnitude <= agreement && then.magnitude < now.magnitude
      return isBehind && !isUndone ? .stoodStill(stoodStill) : .set
    }
    let wasWritten = now.magnitude <= agreement && now.magnitude < then.magnitude
    return wasWritten ? .set : .stoodStill(stoodStill)
  }
}
