import CLibvirt

/// What is known of a guest's memory, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainMemoryStatTags. What the driver does not know is nil;
/// most of it comes from the guest's balloon driver.
public struct MemoryStatistics: Sendable, Equatable {
  /// Read from swap, in bytes.
  public private(set) var swappedIn: UInt64?
  /// Written to swap, in bytes.
  public private(set) var swappedOut: UInt64?
  /// Page faults that needed a disk.
  public private(set) var majorFaults: UInt64?
  /// Page faults that needed none.
  public private(set) var minorFaults: UInt64?
  /// What the guest does not use at all, in bytes.
  public private(set) var unused: UInt64?
  /// What the guest has, in bytes.
  public private(set) var available: UInt64?
  /// What could be used without swapping, in bytes.
  public private(set) var usable: UInt64?
  /// What the balloon leaves, in bytes.
  public private(set) var balloon: UInt64?
  /// What the hypervisor's process has in the host's memory, in bytes.
  public private(set) var resident: UInt64?
  /// What holds the contents of files, in bytes.
  public private(set) var diskCaches: UInt64?
  /// When the guest said so, in seconds since 1970.
  public private(set) var lastUpdate: UInt64?
  /// Huge pages that were got.
  public private(set) var hugePageAllocations: UInt64?
  /// Huge pages that were asked for in vain.
  public private(set) var hugePageFailures: UInt64?
  /// What this version does not know, by libvirt's number.
  public private(set) var others: [Int32: UInt64] = [:]

  init(_ statistics: some Sequence<virDomainMemoryStatStruct>) {
    for statistic in statistics {
      // libvirt counts in KiB where it counts memory; a driver's nonsense must not trap.
      let bytes = statistic.val.multipliedReportingOverflow(by: 1024).partialValue
      switch virDomainMemoryStatTags(rawValue: UInt32(bitPattern: statistic.tag)) {
      case VIR_DOMAIN_MEMORY_STAT_SWAP_IN: swappedIn = bytes
      case VIR_DOMAIN_MEMORY_STAT_SWAP_OUT: swappedOut = bytes
      case VIR_DOMAIN_MEMORY_STAT_MAJOR_FAULT: majorFaults = statistic.val
      case VIR_DOMAIN_MEMORY_STAT_MINOR_FAULT: minorFaults = statistic.val
      case VIR_DOMAIN_MEMORY_STAT_UNUSED: unused = bytes
      case VIR_DOMAIN_MEMORY_STAT_AVAILABLE: available = bytes
      case VIR_DOMAIN_MEMORY_STAT_USABLE: usable = bytes
      case VIR_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON: balloon = bytes
      case VIR_DOMAIN_MEMORY_STAT_RSS: resident = bytes
      case VIR_DOMAIN_MEMORY_STAT_DISK_CACHES: diskCaches = bytes
      case VIR_DOMAIN_MEMORY_STAT_LAST_UPDATE: lastUpdate = statistic.val
      case VIR_DOMAIN_MEMORY_STAT_HUGETLB_PGALLOC: hugePageAllocations = statistic.val
      case VIR_DOMAIN_MEMORY_STAT_HUGETLB_PGFAIL: hugePageFailures = statistic.val
      default: others[statistic.tag] = statistic.val
      }
    }
  }
}
