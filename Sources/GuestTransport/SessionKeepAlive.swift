import GuestProtocol

/// When a session asks whether its peer is there, and when it believes that it is not.
package struct SessionKeepAlive: Sendable, Equatable {
  /// A peer that was silent for this long is sent a ping, and again after as long.
  package var pingAfter: Duration
  /// A peer that was silent for this long is gone.
  package var silenceLimit: Duration

  /// Takes both; the protocol's own limits unless given others, which are for tests.
  package init(
    pingAfter: Duration = ProtocolLimits.pingAfter, silenceLimit: Duration = ProtocolLimits.silenceLimit
  ) {
    self.pingAfter = pingAfter
    self.silenceLimit = silenceLimit
  }
}
