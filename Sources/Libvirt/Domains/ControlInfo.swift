import CLibvirt

/// Whether a domain's hypervisor can be spoken with, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainControlInfo.
public struct ControlInfo: Sendable, Hashable {
  /// What it does.
  public enum State: Sendable, Hashable {
    /// It takes commands.
    case ok
    /// A job runs, beside which some commands are possible.
    case job
    /// A command runs.
    case occupied
    /// It cannot be spoken with, for libvirt's numbered reason of `virDomainControlErrorReason`.
    case error(UInt32)
    /// A state that this version does not know.
    case unknown(UInt32)
  }

  /// What it does.
  public let state: State
  /// For how long it has done so; no time where it takes commands or cannot be spoken with.
  public let time: Duration

  init(_ info: virDomainControlInfo) {
    time = .milliseconds(info.stateTime)
    state =
      switch virDomainControlState(rawValue: info.state) {
      case VIR_DOMAIN_CONTROL_OK: .ok
      case VIR_DOMAIN_CONTROL_JOB: .job
      case VIR_DOMAIN_CONTROL_OCCUPIED: .occupied
      case VIR_DOMAIN_CONTROL_ERROR: .error(info.details)
      default: .unknown(info.state)
      }
  }
}
