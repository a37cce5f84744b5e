import CLibvirt

extension DomainState {
  /// The reason in words, such as `destroyed` or `from snapshot`; nil where libvirt does not say. A reason that this version
  /// does not know shows its number.
  public var reasonText: String? {
    guard reason != 0 else { return nil }
    let texts: [UInt32: String] =
      switch status {
      case .running: Self.runningReasons
      case .paused: Self.pausedReasons
      case .shutdown: Self.shutdownReasons
      case .shutoff: Self.shutoffReasons
      case .crashed: Self.crashedReasons
      case .noState, .blocked, .pmSuspended, .unknown: [:]
      }
    return texts[UInt32(bitPattern: reason)] ?? "reason \(reason)"
  }

  private static let runningReasons: [UInt32: String] = [
    UInt32(VIR_DOMAIN_RUNNING_BOOTED.rawValue): "booted",
    UInt32(VIR_DOMAIN_RUNNING_MIGRATED.rawValue): "migrated",
    UInt32(VIR_DOMAIN_RUNNING_RESTORED.rawValue): "restored",
    UInt32(VIR_DOMAIN_RUNNING_FROM_SNAPSHOT.rawValue): "from snapshot",
    UInt32(VIR_DOMAIN_RUNNING_UNPAUSED.rawValue): "resumed",
    UInt32(VIR_DOMAIN_RUNNING_MIGRATION_CANCELED.rawValue): "migration cancelled",
    UInt32(VIR_DOMAIN_RUNNING_SAVE_CANCELED.rawValue): "save cancelled",
    UInt32(VIR_DOMAIN_RUNNING_WAKEUP.rawValue): "woken up",
    UInt32(VIR_DOMAIN_RUNNING_CRASHED.rawValue): "crashed",
    UInt32(VIR_DOMAIN_RUNNING_POSTCOPY.rawValue): "post-copy",
    UInt32(VIR_DOMAIN_RUNNING_POSTCOPY_FAILED.rawValue): "post-copy failed",
  ]

  private static let pausedReasons: [UInt32: String] = [
    UInt32(VIR_DOMAIN_PAUSED_USER.rawValue): "by the user",
    UInt32(VIR_DOMAIN_PAUSED_MIGRATION.rawValue): "migrating",
    UInt32(VIR_DOMAIN_PAUSED_SAVE.rawValue): "saving",
    UInt32(VIR_DOMAIN_PAUSED_DUMP.rawValue): "dumping",
    UInt32(VIR_DOMAIN_PAUSED_IOERROR.rawValue): "I/O error",
    UInt32(VIR_DOMAIN_PAUSED_WATCHDOG.rawValue): "watchdog",
    UInt32(VIR_DOMAIN_PAUSED_FROM_SNAPSHOT.rawValue): "from snapshot",
    UInt32(VIR_DOMAIN_PAUSED_SHUTTING_DOWN.rawValue): "shutting down",
    UInt32(VIR_DOMAIN_PAUSED_SNAPSHOT.rawValue): "making a snapshot",
    UInt32(VIR_DOMAIN_PAUSED_CRASHED.rawValue): "crashed",
    UInt32(VIR_DOMAIN_PAUSED_STARTING_UP.rawValue): "starting up",
    UInt32(VIR_DOMAIN_PAUSED_POSTCOPY.rawValue): "post-copy",
    UInt32(VIR_DOMAIN_PAUSED_POSTCOPY_FAILED.rawValue): "post-copy failed",
  ]

  private static let shutdownReasons: [UInt32: String] = [
    UInt32(VIR_DOMAIN_SHUTDOWN_USER.rawValue): "by the user"
  ]

  private static let shutoffReasons: [UInt32: String] = [
    UInt32(VIR_DOMAIN_SHUTOFF_SHUTDOWN.rawValue): "shutdown",
    UInt32(VIR_DOMAIN_SHUTOFF_DESTROYED.rawValue): "destroyed",
    UInt32(VIR_DOMAIN_SHUTOFF_CRASHED.rawValue): "crashed",
    UInt32(VIR_DOMAIN_SHUTOFF_MIGRATED.rawValue): "migrated",
    UInt32(VIR_DOMAIN_SHUTOFF_SAVED.rawValue): "saved",
    UInt32(VIR_DOMAIN_SHUTOFF_FAILED.rawValue): "failed to start",
    UInt32(VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT.rawValue): "from snapshot",
    UInt32(VIR_DOMAIN_SHUTOFF_DAEMON.rawValue): "ended by the daemon",
  ]

  private static let crashedReasons: [UInt32: String] = [
    UInt32(VIR_DOMAIN_CRASHED_PANICKED.rawValue): "panicked"
  ]
}
