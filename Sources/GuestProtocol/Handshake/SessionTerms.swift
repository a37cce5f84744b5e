/// What two peers that have proved themselves agreed on.
public struct SessionTerms: Sendable, Equatable {
  /// The version of the protocol.
  public let version: UInt32
  /// What both can do.
  public let features: Features
  /// The credit with which each stream to the peer begins.
  public let peerWindow: UInt32
  /// Eight bytes that only this session's pings and pongs carry.
  public let token: [UInt8]
  /// The peer's program and version, as it says.
  public let peerProgram: String
}
