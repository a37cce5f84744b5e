import GuestProtocol

/// What happens while connections are forwarded.
package enum ForwardEvent: Sendable, Equatable {
  /// The agent is ready for connections.
  case ready
  /// A connection was accepted here and connected in the guest.
  case connected(LocalAddress)
  /// A connection could not be made or broke; the others go on.
  case failed(LocalAddress, ProtocolError)
  /// A connection came to its end.
  case closed(LocalAddress)
}
