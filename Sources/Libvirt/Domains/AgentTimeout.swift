import CLibvirt

/// How long an answer of the QEMU guest agent is waited for, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainAgentResponseTimeoutValues.
public enum AgentTimeout: Sendable, Hashable {
  /// For ever.
  case block
  /// As long as libvirt finds right, some five seconds.
  case standard
  /// Not at all: the call fails unless the answer is there.
  case noWait
  /// So long, in whole seconds.
  case limit(Duration)

  var number: Int32 {
    switch self {
    case .block: VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK.rawValue
    case .standard: VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_DEFAULT.rawValue
    case .noWait: VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_NOWAIT.rawValue
    // Negative numbers are the cases above.
    case .limit(let time): Int32(clamping: max(0, time.components.seconds))
    }
  }
}
