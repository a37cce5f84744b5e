import CLibvirt

/// How a domain is moved to another host, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainMigrateFlags.
public struct MigrationFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// While it runs.
  public static let live = Self(VIR_MIGRATE_LIVE)
  /// The two daemons speak with each other, this client waits.
  public static let peerToPeer = Self(VIR_MIGRATE_PEER2PEER)
  /// Its memory goes through the daemons' own connection.
  public static let tunnelled = Self(VIR_MIGRATE_TUNNELLED)
  /// It is defined on the other host.
  public static let persistDestination = Self(VIR_MIGRATE_PERSIST_DEST)
  /// Its definition here goes.
  public static let undefineSource = Self(VIR_MIGRATE_UNDEFINE_SOURCE)
  /// It stands still on the other host.
  public static let paused = Self(VIR_MIGRATE_PAUSED)
  /// Its disks are copied whole.
  public static let nonSharedDisk = Self(VIR_MIGRATE_NON_SHARED_DISK)
  /// Of its disks what is above their backing files is copied.
  public static let nonSharedIncremental = Self(VIR_MIGRATE_NON_SHARED_INC)
  /// Nobody may change it meanwhile.
  public static let protectChanges = Self(VIR_MIGRATE_CHANGE_PROTECTION)
  /// Even where its disks' cache modes put data at risk.
  public static let unsafe = Self(VIR_MIGRATE_UNSAFE)
  /// Only its definition.
  public static let offline = Self(VIR_MIGRATE_OFFLINE)
  /// Compress its memory on the way.
  public static let compressed = Self(VIR_MIGRATE_COMPRESSED)
  /// Give up at a disk's I/O error.
  public static let abortOnError = Self(VIR_MIGRATE_ABORT_ON_ERROR)
  /// Slow its CPUs down when it writes faster than its memory can be sent.
  public static let autoConverge = Self(VIR_MIGRATE_AUTO_CONVERGE)
  /// Pin its memory before an RDMA transfer.
  public static let pinAllMemory = Self(VIR_MIGRATE_RDMA_PIN_ALL)
  /// Allow a switch to post-copy.
  public static let postCopy = Self(VIR_MIGRATE_POSTCOPY)
  /// Encrypt its memory on the way.
  public static let tls = Self(VIR_MIGRATE_TLS)
  /// By several connections at once.
  public static let parallel = Self(VIR_MIGRATE_PARALLEL)
  /// What the guest writes meanwhile waits for the copy.
  public static let synchronousWrites = Self(VIR_MIGRATE_NON_SHARED_SYNCHRONOUS_WRITES)
  /// Go on with a post-copy that broke off.
  public static let postCopyResume = Self(VIR_MIGRATE_POSTCOPY_RESUME)
  /// Send its memory without copying it.
  public static let zeroCopy = Self(VIR_MIGRATE_ZEROCOPY)
}
