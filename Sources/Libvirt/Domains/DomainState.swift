import CLibvirt

/// What a domain does, and why, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainState.
public struct DomainState: Sendable, Hashable {
  /// What a domain does.
  public enum Status: Sendable, Hashable {
    /// The driver does not say.
    case noState
    /// Its CPUs run.
    case running
    /// It waits for a resource.
    case blocked
    /// Its CPUs stand still.
    case paused
    /// It is being shut down.
    case shutdown
    /// It is off.
    case shutoff
    /// It crashed.
    case crashed
    /// The guest's own power management put it to sleep.
    case pmSuspended
    /// A state that this version does not know.
    case unknown(Int32)
  }

  /// What it does.
  public let status: Status
  /// libvirt's number for the reason; its meaning depends on the status, see `virDomainRunningReason` and its like.
  public let reason: Int32

  init(_ state: Int32, _ reason: Int32) {
    self.reason = reason
    status =
      switch virDomainState(rawValue: UInt32(bitPattern: state)) {
      case VIR_DOMAIN_NOSTATE: .noState
      case VIR_DOMAIN_RUNNING: .running
      case VIR_DOMAIN_BLOCKED: .blocked
      case VIR_DOMAIN_PAUSED: .paused
      case VIR_DOMAIN_SHUTDOWN: .shutdown
      case VIR_DOMAIN_SHUTOFF: .shutoff
      case VIR_DOMAIN_CRASHED: .crashed
      case VIR_DOMAIN_PMSUSPENDED: .pmSuspended
      default: .unknown(state)
      }
  }

  /// Whether it is off since somebody, or the guest itself, wished so: it shut down, was destroyed, saved or migrated away.
  ///
  /// After a restart of its daemon libvirt does not know any more why a domain is off, and this is false.
  public var isOrdinaryEnd: Bool {
    guard status == .shutoff else { return false }
    return [
      VIR_DOMAIN_SHUTOFF_SHUTDOWN, VIR_DOMAIN_SHUTOFF_DESTROYED, VIR_DOMAIN_SHUTOFF_MIGRATED, VIR_DOMAIN_SHUTOFF_SAVED,
    ].contains { reason == Int32(bitPattern: $0.rawValue) }
  }

  /// Whether it is off because its kernel panicked, or because QEMU ended.
  ///
  /// libvirt forgets this at a restart of its daemon, too.
  public var isCrash: Bool {
    status == .shutoff && reason == Int32(bitPattern: VIR_DOMAIN_SHUTOFF_CRASHED.rawValue)
  }

  /// Whether it is just being started, which shows as paused meanwhile.
  public var isStartingUp: Bool {
    status == .paused && reason == Int32(bitPattern: VIR_DOMAIN_PAUSED_STARTING_UP.rawValue)
  }
}
