import CLibvirt

/// What is known of a domain's job, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainJobType.
public enum JobKind: Sendable, Hashable {
  /// There is none.
  case none
  /// It runs and will end in a time that can be told.
  case bounded
  /// It runs and nobody knows for how long.
  case unbounded
  /// It ended well.
  case completed
  /// It failed.
  case failed
  /// It was aborted.
  case cancelled
  /// Something that this version does not know.
  case unknown(Int32)

  init(_ number: Int32) {
    self =
      switch virDomainJobType(rawValue: UInt32(bitPattern: number)) {
      case VIR_DOMAIN_JOB_NONE: .none
      case VIR_DOMAIN_JOB_BOUNDED: .bounded
      case VIR_DOMAIN_JOB_UNBOUNDED: .unbounded
      case VIR_DOMAIN_JOB_COMPLETED: .completed
      case VIR_DOMAIN_JOB_FAILED: .failed
      case VIR_DOMAIN_JOB_CANCELLED: .cancelled
      default: .unknown(number)
      }
  }
}
