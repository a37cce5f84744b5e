/// Notices from a guest's clocks that the guest stood still without its knowledge: it was suspended, slept on the host's disk,
/// or went back to a snapshot.
///
/// Its kernel's clocks stand still with it, while its hardware clock (the RTC) is the hypervisor's and goes on. What the
/// RTC shows beyond that is the user's business: a clock that did not agree with it before is left alone, and so is one
/// that somebody has set since.
struct ClockWatch {
  /// What the clocks show at one moment.
  struct Reading: Sendable, Equatable {
    /// The RTC, in whole seconds since 1970 of whatever time zone it keeps.
    var hardware: Int64
    /// CLOCK_BOOTTIME in nanoseconds, which counts when the guest itself puts its machine to sleep.
    var uptime: Int64
    /// CLOCK_REALTIME in nanoseconds since 1970.
    var time: Int64

    /// When the guest was started by its own clock, in nanoseconds: changes when the clock is set.
    var start: Int64 { time &- uptime }
  }

  /// Whole seconds of the RTC differ by so much although nothing stood still.
  private static let tolerance: Int64 = 1
  private static let second: Int64 = 1_000_000_000
  /// A clock that differs by more, in seconds, is not kept by the RTC.
  private static let agreement: Int64 = 3
  /// A time zone is a multiple of a quarter of an hour, at most so many hours from UTC.
  private static let zoneStep: Int64 = 900
  private static let widestZone: Int64 = 14 * 3600

  /// What is counted from, so that many short moments come together.
  private var base: Reading

  /// Begins with what the clocks show now.
  init(_ reading: Reading) {
    base = reading
  }

  /// Takes the next reading; where the guest stood still, answers with what has to be added to the RTC, in seconds, for the
  /// right time.
  mutating func standstill(_ reading: Reading) -> Int64? {
    let missed = (reading.hardware &- base.hardware) &- (reading.uptime &- base.uptime) / Self.second
    let isSet = Self.isSet(from: base, to: reading)
    guard isSet || missed.magnitude > UInt64(Self.tolerance) else { return nil }
    defer { base = reading }
    return isSet || missed < 0 ? nil : Self.zone(base)
  }

  /// Whether somebody has set the clock between two readings.
  static func isSet(from old: Reading, to new: Reading) -> Bool {
    (new.start &- old.start).magnitude > UInt64(second / 2)
  }

  /// What the guest's clock is ahead of its RTC; nil where they do not agree.
  private static func zone(_ reading: Reading) -> Int64? {
    let ahead = reading.time / second &- reading.hardware
    let zone = Int64((Double(ahead) / Double(zoneStep)).rounded()) * zoneStep
    return (ahead &- zone).magnitude <= UInt64(agreement) && zone.magnitude <= UInt64(widestZone) ? zone : nil
  }
}
