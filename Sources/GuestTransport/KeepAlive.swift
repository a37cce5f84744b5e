import GuestProtocol

/// When a session asks whether its peer is there, and when it believes that it is not.
package struct KeepAlive: Sendable, Equatable {
  /// A peer that was silent for this long is sent a ping, and again after as long, in milliseconds.
  package var pingAfter: Int
  /// A peer that was silent for this long is gone, in milliseconds.
  package var silenceLimit: Int

  /// Takes both; the protocol's own limits unless given others, which are for tests.
  package init(pingAfter: Int = ProtocolLimits.pingAfter, silenceLimit: Int = ProtocolLimits.silenceLimit) {
    self.pingAfter = pingAfter
    self.silenceLimit = silenceLimit
  }
}
