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
  /// At most this long, in whole seconds, at least one.
  case limit(Duration)

  var number: Int32 {
    switch self {
    case .block: VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK.rawValue
    case .standard: VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_DEFAULT.rawValue
    case .noWait: VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_NOWAIT.rawValue
    // Negative numbers, and 0, are the cases above.
    case .limit(let time): Int32(clamping: max(1, time.wholeSeconds))
    }
  }
}
