/// What two peers that have proved themselves agreed on.
package struct SessionTerms: Sendable, Equatable {
  /// The version of the protocol.
  package let version: UInt32
  /// What both can do.
  package let features: Features
  /// The credit with which each stream to the peer begins.
  package let peerWindow: UInt32
  /// Eight bytes that only this session's pings and pongs carry.
  package let token: [UInt8]
  /// The peer's program and version, as it says.
  package let peerProgram: String
}
