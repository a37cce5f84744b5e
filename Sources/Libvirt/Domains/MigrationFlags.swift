import CLibvirt

/// How a domain is moved to another host, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainMigrateFlags.
public struct MigrationFlags: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// While it runs.
  public static let live = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_LIVE.rawValue))
  /// The two daemons speak with each other, this client waits.
  public static let peerToPeer = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_PEER2PEER.rawValue))
  /// Its memory goes through the daemons' own connection.
  public static let tunnelled = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_TUNNELLED.rawValue))
  /// It is defined on the other host.
  public static let persistDestination = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_PERSIST_DEST.rawValue))
  /// Its definition here goes.
  public static let undefineSource = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_UNDEFINE_SOURCE.rawValue))
  /// It stands still on the other host.
  public static let paused = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_PAUSED.rawValue))
  /// Its disks are copied whole.
  public static let nonSharedDisk = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_NON_SHARED_DISK.rawValue))
  /// Of its disks what is above their backing files is copied.
  public static let nonSharedIncremental = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_NON_SHARED_INC.rawValue))
  /// Nobody may change it meanwhile.
  public static let protectChanges = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_CHANGE_PROTECTION.rawValue))
  /// Even where its disks' cache modes put data at risk.
  public static let unsafe = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_UNSAFE.rawValue))
  /// Only its definition.
  public static let offline = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_OFFLINE.rawValue))
  /// Compress its memory on the way.
  public static let compressed = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_COMPRESSED.rawValue))
  /// Give up at a disk's I/O error.
  public static let abortOnError = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_ABORT_ON_ERROR.rawValue))
  /// Slow its CPUs down when it writes faster than its memory can be sent.
  public static let autoConverge = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_AUTO_CONVERGE.rawValue))
  /// Pin its memory before an RDMA transfer.
  public static let pinAllMemory = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_RDMA_PIN_ALL.rawValue))
  /// Allow a switch to post-copy.
  public static let postCopy = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_POSTCOPY.rawValue))
  /// Encrypt its memory on the way.
  public static let tls = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_TLS.rawValue))
  /// By several connections at once.
  public static let parallel = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_PARALLEL.rawValue))
  /// What the guest writes meanwhile waits for the copy.
  public static let synchronousWrites = MigrationFlags(
    rawValue: UInt32(VIR_MIGRATE_NON_SHARED_SYNCHRONOUS_WRITES.rawValue))
  /// Go on with a post-copy that broke off.
  public static let postCopyResume = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_POSTCOPY_RESUME.rawValue))
  /// Send its memory without copying it.
  public static let zeroCopy = MigrationFlags(rawValue: UInt32(VIR_MIGRATE_ZEROCOPY.rawValue))
}
