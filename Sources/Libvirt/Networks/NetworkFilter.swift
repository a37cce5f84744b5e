import CLibvirt

/// Which networks a list holds; nothing set means all, see
/// https://libvirt.org/html/libvirt-libvirt-network.html#virConnectListAllNetworksFlags.
public struct NetworkFilter: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Those that do not run.
  public static let inactive = NetworkFilter(rawValue: UInt32(VIR_CONNECT_LIST_NETWORKS_INACTIVE.rawValue))
  /// Those that run.
  public static let active = NetworkFilter(rawValue: UInt32(VIR_CONNECT_LIST_NETWORKS_ACTIVE.rawValue))
  /// Those that are defined.
  public static let persistent = NetworkFilter(rawValue: UInt32(VIR_CONNECT_LIST_NETWORKS_PERSISTENT.rawValue))
  /// Those that are gone when they end.
  public static let transient = NetworkFilter(rawValue: UInt32(VIR_CONNECT_LIST_NETWORKS_TRANSIENT.rawValue))
  /// Those that start with the daemon.
  public static let autostart = NetworkFilter(rawValue: UInt32(VIR_CONNECT_LIST_NETWORKS_AUTOSTART.rawValue))
  /// Those that do not start with the daemon.
  public static let noAutostart = NetworkFilter(rawValue: UInt32(VIR_CONNECT_LIST_NETWORKS_NO_AUTOSTART.rawValue))
}
