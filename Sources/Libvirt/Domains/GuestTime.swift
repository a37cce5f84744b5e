/// The time on a guest's clock.
public struct GuestTime: Sendable, Hashable {
  /// Whole seconds since 1970, UTC.
  public let seconds: Int64
  /// The rest, in nanoseconds.
  public let nanoseconds: UInt32

  /// Makes a time of its parts.
  public init(seconds: Int64, nanoseconds: UInt32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}
