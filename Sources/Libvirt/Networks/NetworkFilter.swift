import CLibvirt

/// Which networks a list holds; nothing set means all, see
/// https://libvirt.org/html/libvirt-libvirt-network.html#virConnectListAllNetworksFlags.
public struct NetworkFilter: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Those that do not run.
  public static let inactive = Self(VIR_CONNECT_LIST_NETWORKS_INACTIVE)
  /// Those that run.
  public static let active = Self(VIR_CONNECT_LIST_NETWORKS_ACTIVE)
  /// Those that are defined.
  public static let persistent = Self(VIR_CONNECT_LIST_NETWORKS_PERSISTENT)
  /// Those that are gone when they end.
  public static let transient = Self(VIR_CONNECT_LIST_NETWORKS_TRANSIENT)
  /// Those that start with the daemon.
  public static let autostart = Self(VIR_CONNECT_LIST_NETWORKS_AUTOSTART)
  /// Those that do not start with the daemon.
  public static let noAutostart = Self(VIR_CONNECT_LIST_NETWORKS_NO_AUTOSTART)
}
