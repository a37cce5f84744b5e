import CLibvirt

/// What a block job does, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainBlockJobType.
public enum BlockJobKind: Sendable, Hashable {
  /// libvirt does not say.
  case unspecified
  /// It fills a disk from its backing files.
  case pull
  /// It copies a disk.
  case copy
  /// It merges backing files.
  case commit
  /// It merges the topmost file into its backing file.
  case activeCommit
  /// It makes a backup.
  case backup
  /// Something that this version does not know.
  case unknown(Int32)

  init(_ number: Int32) {
    self =
      switch virDomainBlockJobType(rawValue: UInt32(bitPattern: number)) {
      case VIR_DOMAIN_BLOCK_JOB_TYPE_UNKNOWN: .unspecified
      case VIR_DOMAIN_BLOCK_JOB_TYPE_PULL: .pull
      case VIR_DOMAIN_BLOCK_JOB_TYPE_COPY: .copy
      case VIR_DOMAIN_BLOCK_JOB_TYPE_COMMIT: .commit
      case VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT: .activeCommit
      case VIR_DOMAIN_BLOCK_JOB_TYPE_BACKUP: .backup
      default: .unknown(number)
      }
  }
}
