import CLibvirt

/// What a domain's job does, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainJobOperation.
public enum JobOperation: Sendable, Hashable {
  /// libvirt does not say.
  case unspecified
  /// It starts the domain.
  case start
  /// It saves the memory.
  case save
  /// It restores the memory.
  case restore
  /// It takes the domain from another host.
  case migrationIn
  /// It brings the domain to another host.
  case migrationOut
  /// It makes a snapshot.
  case snapshot
  /// It goes back to a snapshot.
  case snapshotRevert
  /// It dumps the memory.
  case dump
  /// It makes a backup.
  case backup
  /// It deletes a snapshot.
  case snapshotDelete
  /// Something that this version does not know.
  case unknown(Int32)

  init(_ number: Int32) {
    self =
      switch virDomainJobOperation(rawValue: UInt32(bitPattern: number)) {
      case VIR_DOMAIN_JOB_OPERATION_UNKNOWN: .unspecified
      case VIR_DOMAIN_JOB_OPERATION_START: .start
      case VIR_DOMAIN_JOB_OPERATION_SAVE: .save
      case VIR_DOMAIN_JOB_OPERATION_RESTORE: .restore
      case VIR_DOMAIN_JOB_OPERATION_MIGRATION_IN: .migrationIn
      case VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT: .migrationOut
      case VIR_DOMAIN_JOB_OPERATION_SNAPSHOT: .snapshot
      case VIR_DOMAIN_JOB_OPERATION_SNAPSHOT_REVERT: .snapshotRevert
      case VIR_DOMAIN_JOB_OPERATION_DUMP: .dump
      case VIR_DOMAIN_JOB_OPERATION_BACKUP: .backup
      case VIR_DOMAIN_JOB_OPERATION_SNAPSHOT_DELETE: .snapshotDelete
      default: .unknown(number)
      }
  }
}
