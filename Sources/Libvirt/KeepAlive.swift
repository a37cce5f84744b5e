/// How a daemon that hangs is noticed, see
/// https://libvirt.org/html/libvirt-libvirt-host.html#virConnectSetKeepAlive.
public struct KeepAlive: Sendable, Equatable {
  /// How many seconds of silence bring a message.
  public let interval: Int32
  /// After how many messages without an answer the connection is given up.
  public let count: UInt32

  /// Messages every `interval` seconds, `count` of them; an interval below 1 sends none.
  public init(interval: Int32, count: UInt32) {
    self.interval = interval
    self.count = count
  }

  /// Notices after half a minute.
  public static let standard = KeepAlive(interval: 5, count: 6)
  /// Sends no messages of its own; those of the daemon are answered.
  public static let off = KeepAlive(interval: 0, count: 0)
}
