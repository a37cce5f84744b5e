import CLibvirt

/// The QEMU guest agent's channel was opened or closed in the guest, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainEventAgentLifecycleCallback.
public struct AgentLifecycleEvent: Sendable, Hashable {
  /// Whether the agent is there.
  public enum State: Sendable, Hashable {
    /// It came.
    case connected
    /// It went.
    case disconnected
    /// Something that this version does not know.
    case unknown(Int32)
  }

  /// Why the state changed.
  public enum Reason: Sendable, Hashable {
    /// libvirt does not say.
    case unspecified
    /// The domain was started.
    case domainStarted
    /// The channel was opened or closed.
    case channel
    /// Something that this version does not know.
    case unknown(Int32)
  }

  /// Whether the agent is there.
  public let state: State
  /// Why the state changed.
  public let reason: Reason

  init(state: Int32, reason: Int32) {
    self.state =
      switch virConnectDomainEventAgentLifecycleState(rawValue: UInt32(bitPattern: state)) {
      case VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED: .connected
      case VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_DISCONNECTED: .disconnected
      default: .unknown(state)
      }
    self.reason =
      switch virConnectDomainEventAgentLifecycleReason(rawValue: UInt32(bitPattern: reason)) {
      case VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_UNKNOWN: .unspecified
      case VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_DOMAIN_STARTED: .domainStarted
      case VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_CHANNEL: .channel
      default: .unknown(reason)
      }
  }
}
