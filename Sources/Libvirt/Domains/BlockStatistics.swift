import CLibvirt

/// What was read and written on a disk, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainBlockStatsFlags. What the driver does not count is nil.
public struct BlockStatistics: Sendable, Equatable {
  /// All values by libvirt's names.
  public let values: [String: TypedValue]

  /// Bytes that were read.
  public var bytesRead: UInt64? { values[VIR_DOMAIN_BLOCK_STATS_READ_BYTES]?.unsigned }
  /// How often was read.
  public var reads: UInt64? { values[VIR_DOMAIN_BLOCK_STATS_READ_REQ]?.unsigned }
  /// The time that reading took.
  public var readTime: Duration? {
    values[VIR_DOMAIN_BLOCK_STATS_READ_TOTAL_TIMES]?.unsigned.map { .nanoseconds($0) }
  }
  /// Bytes that were written.
  public var bytesWritten: UInt64? { values[VIR_DOMAIN_BLOCK_STATS_WRITE_BYTES]?.unsigned }
  /// How often was written.
  public var writes: UInt64? { values[VIR_DOMAIN_BLOCK_STATS_WRITE_REQ]?.unsigned }
  /// The time that writing took.
  public var writeTime: Duration? {
    values[VIR_DOMAIN_BLOCK_STATS_WRITE_TOTAL_TIMES]?.unsigned.map { .nanoseconds($0) }
  }
  /// How often was flushed.
  public var flushes: UInt64? { values[VIR_DOMAIN_BLOCK_STATS_FLUSH_REQ]?.unsigned }
  /// The time that flushing took.
  public var flushTime: Duration? {
    values[VIR_DOMAIN_BLOCK_STATS_FLUSH_TOTAL_TIMES]?.unsigned.map { .nanoseconds($0) }
  }
}
