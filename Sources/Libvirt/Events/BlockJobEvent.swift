import CLibvirt

/// A block job came to its end, or to the point from which it only keeps up; see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainEventBlockJobCallback.
public struct BlockJobEvent: Sendable, Hashable {
  /// How far it is.
  public enum Status: Sendable, Hashable {
    /// It ended well.
    case completed
    /// It failed.
    case failed
    /// It was cancelled.
    case cancelled
    /// It has caught up and waits to be pivoted or cancelled.
    case ready
    /// Something that this version does not know.
    case unknown(Int32)

    init(_ number: Int32) {
      self =
        switch virConnectDomainEventBlockJobStatus(rawValue: UInt32(bitPattern: number)) {
        case VIR_DOMAIN_BLOCK_JOB_COMPLETED: .completed
        case VIR_DOMAIN_BLOCK_JOB_FAILED: .failed
        case VIR_DOMAIN_BLOCK_JOB_CANCELED: .cancelled
        case VIR_DOMAIN_BLOCK_JOB_READY: .ready
        default: .unknown(number)
        }
    }
  }

  /// The disk's target, such as `vda`.
  public let disk: String
  /// What it does.
  public let kind: BlockJobKind
  /// How far it is.
  public let status: Status
}
