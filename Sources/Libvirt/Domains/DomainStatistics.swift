import CLibvirt

/// Statistics of a domain, as one bulk call brings them for many, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectGetAllDomainStats.
public struct DomainStatistics: Sendable {
  /// Which statistics are asked for, of `virDomainStatsTypes`; nothing set means all that the driver has.
  public struct Kinds: FlagSet {
    /// The flags as libvirt takes them.
    public let rawValue: UInt32

    /// A set of libvirt's flags.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// State and reason.
    public static let state = Self(VIR_DOMAIN_STATS_STATE)
    /// CPU time.
    public static let cpuTotal = Self(VIR_DOMAIN_STATS_CPU_TOTAL)
    /// Memory.
    public static let balloon = Self(VIR_DOMAIN_STATS_BALLOON)
    /// Virtual CPUs.
    public static let vcpu = Self(VIR_DOMAIN_STATS_VCPU)
    /// Network interfaces.
    public static let interface = Self(VIR_DOMAIN_STATS_INTERFACE)
    /// Disks.
    public static let block = Self(VIR_DOMAIN_STATS_BLOCK)
  }

  /// The domain.
  public let domain: Domain
  /// The values by libvirt's names, such as `balloon.maximum`.
  public let values: [String: TypedValue]

  /// State and reason, where they were asked for.
  public var state: DomainState? {
    guard case .int(let state) = values["state.state"] else { return nil }
    guard case .int(let reason) = values["state.reason"] else { return DomainState(state, 0) }
    return DomainState(state, reason)
  }
}
