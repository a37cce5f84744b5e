import CLibvirt

extension LifecycleEvent {
  /// How it came in words, such as `destroyed` or `from snapshot`. A detail that this version does not know shows its
  /// number.
  public var detailText: String {
    let texts: [UInt32: String] =
      switch kind {
      case .defined: Self.definedDetails
      case .undefined: Self.undefinedDetails
      case .started: Self.startedDetails
      case .suspended: Self.suspendedDetails
      case .resumed: Self.resumedDetails
      case .stopped: Self.stoppedDetails
      case .shutdown: Self.shutdownDetails
      case .pmSuspended: Self.pmSuspendedDetails
      case .crashed: Self.crashedDetails
      case .unknown: [:]
      }
    return texts[UInt32(bitPattern: detail)] ?? "detail \(detail)"
  }

  private static let definedDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_DEFINED_ADDED.rawValue): "added",
    UInt32(VIR_DOMAIN_EVENT_DEFINED_UPDATED.rawValue): "changed",
    UInt32(VIR_DOMAIN_EVENT_DEFINED_RENAMED.rawValue): "renamed",
    UInt32(VIR_DOMAIN_EVENT_DEFINED_FROM_SNAPSHOT.rawValue): "from snapshot",
  ]

  private static let undefinedDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_UNDEFINED_REMOVED.rawValue): "removed",
    UInt32(VIR_DOMAIN_EVENT_UNDEFINED_RENAMED.rawValue): "renamed",
  ]

  private static let startedDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_STARTED_BOOTED.rawValue): "booted",
    UInt32(VIR_DOMAIN_EVENT_STARTED_MIGRATED.rawValue): "migrated",
    UInt32(VIR_DOMAIN_EVENT_STARTED_RESTORED.rawValue): "restored",
    UInt32(VIR_DOMAIN_EVENT_STARTED_FROM_SNAPSHOT.rawValue): "from snapshot",
    UInt32(VIR_DOMAIN_EVENT_STARTED_WAKEUP.rawValue): "woken up",
  ]

  private static let suspendedDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_PAUSED.rawValue): "paused",
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED.rawValue): "migrating",
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_IOERROR.rawValue): "I/O error",
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_WATCHDOG.rawValue): "watchdog",
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_RESTORED.rawValue): "restored",
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_FROM_SNAPSHOT.rawValue): "from snapshot",
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_API_ERROR.rawValue): "after a failed call",
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY.rawValue): "post-copy",
    UInt32(VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY_FAILED.rawValue): "post-copy failed",
  ]

  private static let resumedDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_RESUMED_UNPAUSED.rawValue): "resumed",
    UInt32(VIR_DOMAIN_EVENT_RESUMED_MIGRATED.rawValue): "migrated",
    UInt32(VIR_DOMAIN_EVENT_RESUMED_FROM_SNAPSHOT.rawValue): "from snapshot",
    UInt32(VIR_DOMAIN_EVENT_RESUMED_POSTCOPY.rawValue): "post-copy",
    UInt32(VIR_DOMAIN_EVENT_RESUMED_POSTCOPY_FAILED.rawValue): "post-copy failed",
  ]

  private static let stoppedDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN.rawValue): "shutdown",
    UInt32(VIR_DOMAIN_EVENT_STOPPED_DESTROYED.rawValue): "destroyed",
    UInt32(VIR_DOMAIN_EVENT_STOPPED_CRASHED.rawValue): "crashed",
    UInt32(VIR_DOMAIN_EVENT_STOPPED_MIGRATED.rawValue): "migrated",
    UInt32(VIR_DOMAIN_EVENT_STOPPED_SAVED.rawValue): "saved",
    UInt32(VIR_DOMAIN_EVENT_STOPPED_FAILED.rawValue): "failed",
    UInt32(VIR_DOMAIN_EVENT_STOPPED_FROM_SNAPSHOT.rawValue): "from snapshot",
  ]

  private static let shutdownDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_SHUTDOWN_FINISHED.rawValue): "finished",
    UInt32(VIR_DOMAIN_EVENT_SHUTDOWN_GUEST.rawValue): "by the guest",
    UInt32(VIR_DOMAIN_EVENT_SHUTDOWN_HOST.rawValue): "by the host",
  ]

  private static let pmSuspendedDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_PMSUSPENDED_MEMORY.rawValue): "to memory",
    UInt32(VIR_DOMAIN_EVENT_PMSUSPENDED_DISK.rawValue): "to disk",
  ]

  private static let crashedDetails: [UInt32: String] = [
    UInt32(VIR_DOMAIN_EVENT_CRASHED_PANICKED.rawValue): "panicked",
    UInt32(VIR_DOMAIN_EVENT_CRASHED_CRASHLOADED.rawValue): "crash kernel loaded",
  ]
}
