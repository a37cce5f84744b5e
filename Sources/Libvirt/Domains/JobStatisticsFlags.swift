import CLibvirt

/// Which job's statistics are asked for, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetJobStatsFlags.
public struct JobStatisticsFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Those of the job that ended last, which are then forgotten.
  public static let completed = Self(VIR_DOMAIN_JOB_STATS_COMPLETED)
  /// With completed: do not forget them.
  public static let keepCompleted = Self(VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED)
}
