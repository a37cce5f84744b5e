/// Sizes of a disk, in bytes, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainBlockInfo.
public struct BlockInfo: Sendable, Equatable {
  /// What the guest sees.
  public let capacity: UInt64
  /// What it takes on the host.
  public let allocation: UInt64
  /// How long its file or device is.
  public let physical: UInt64
}
