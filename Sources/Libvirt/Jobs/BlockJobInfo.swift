import CLibvirt

/// How far a block job is, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainBlockJobInfo.
public struct BlockJobInfo: Sendable, Equatable {
  /// What it does.
  public let kind: BlockJobKind
  /// How fast it may be, in bytes a second; 0 means without a limit.
  public let bandwidth: UInt64
  /// How far it is; the unit is the driver's own.
  public let current: UInt64
  /// How far it has to come; may grow while the guest writes.
  public let end: UInt64

  init(_ info: virDomainBlockJobInfo) {
    kind = BlockJobKind(info.type)
    bandwidth = UInt64(info.bandwidth)
    current = info.cur
    end = info.end
  }
}
