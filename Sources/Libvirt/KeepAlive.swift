/// How a daemon that hangs is noticed, see
/// https://libvirt.org/html/libvirt-libvirt-host.html#virConnectSetKeepAlive.
public struct KeepAlive: Sendable, Equatable {
  /// How long a silence has to last before a message is sent, in whole seconds.
  public let interval: Duration
  /// After how many messages without an answer the connection is given up.
  public let count: UInt32

  /// Messages at each `interval`, `count` of them; an interval of no time sends none.
  public init(interval: Duration, count: UInt32) {
    self.interval = interval
    self.count = count
  }

  /// Notices after half a minute.
  public static let standard = KeepAlive(interval: .seconds(5), count: 6)
  /// Sends no messages of its own; those of the daemon are answered.
  public static let off = KeepAlive(interval: .zero, count: 0)
}
