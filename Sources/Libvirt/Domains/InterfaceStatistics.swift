import CLibvirt

/// What went over a NIC, seen from the guest, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceStatsStruct. What the driver does not count is
/// nil.
public struct InterfaceStatistics: Sendable, Equatable {
  /// What went one way.
  public struct Flow: Sendable, Equatable {
    /// Bytes.
    public let bytes: UInt64?
    /// Packets.
    public let packets: UInt64?
    /// Packets with errors.
    public let errors: UInt64?
    /// Packets that were dropped.
    public let drops: UInt64?
  }

  /// What the guest received.
  public let received: Flow
  /// What the guest sent.
  public let sent: Flow

  init(_ statistics: virDomainInterfaceStatsStruct) {
    // libvirt says -1 where it does not know.
    received = Flow(
      bytes: UInt64(exactly: statistics.rx_bytes), packets: UInt64(exactly: statistics.rx_packets),
      errors: UInt64(exactly: statistics.rx_errs), drops: UInt64(exactly: statistics.rx_drop))
    sent = Flow(
      bytes: UInt64(exactly: statistics.tx_bytes), packets: UInt64(exactly: statistics.tx_packets),
      errors: UInt64(exactly: statistics.tx_errs), drops: UInt64(exactly: statistics.tx_drop))
  }
}
