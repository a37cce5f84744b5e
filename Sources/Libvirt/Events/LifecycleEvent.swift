import CLibvirt

/// A step in a domain's life, see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainEventType.
public struct LifecycleEvent: Sendable, Hashable {
  /// What happened.
  public enum Kind: Sendable, Hashable {
    /// It was defined or redefined.
    case defined
    /// Its definition went.
    case undefined
    /// It was started.
    case started
    /// Its CPUs were stopped.
    case suspended
    /// Its CPUs run on.
    case resumed
    /// It ended.
    case stopped
    /// It is shutting down.
    case shutdown
    /// The guest put itself to sleep.
    case pmSuspended
    /// It crashed.
    case crashed
    /// Something that this version does not know.
    case unknown(Int32)
  }

  /// What happened.
  public let kind: Kind
  /// libvirt's number for how it came; its meaning depends on the kind, see `virDomainEventStoppedDetailType` and its
  /// like.
  public let detail: Int32

  init(event: Int32, detail: Int32) {
    self.detail = detail
    kind =
      switch virDomainEventType(rawValue: UInt32(bitPattern: event)) {
      case VIR_DOMAIN_EVENT_DEFINED: .defined
      case VIR_DOMAIN_EVENT_UNDEFINED: .undefined
      case VIR_DOMAIN_EVENT_STARTED: .started
      case VIR_DOMAIN_EVENT_SUSPENDED: .suspended
      case VIR_DOMAIN_EVENT_RESUMED: .resumed
      case VIR_DOMAIN_EVENT_STOPPED: .stopped
      case VIR_DOMAIN_EVENT_SHUTDOWN: .shutdown
      case VIR_DOMAIN_EVENT_PMSUSPENDED: .pmSuspended
      case VIR_DOMAIN_EVENT_CRASHED: .crashed
      default: .unknown(event)
      }
  }
}
