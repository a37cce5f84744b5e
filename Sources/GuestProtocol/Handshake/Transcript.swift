/// The proofs and the token that follow from a key and the two hellos, to the byte as they were sent.
///
/// Since the hellos hold both nonces, the versions and the features, a proof cannot be replayed, and nobody between the
/// two can make them choose an older version.
struct Transcript {
  private let key: GuestKey
  private let packets: [[UInt8]]

  init(key: GuestKey, clientHello: [UInt8], agentHello: [UInt8]) {
    self.key = key
    packets = [clientHello, agentHello]
  }

  /// What the agent sends.
  var agentProof: [UInt8] { key.authenticate("nestor agent", packets) }
  /// What the client sends.
  var clientProof: [UInt8] { key.authenticate("nestor client", packets) }
  /// What tells this session's pings from another's.
  var token: [UInt8] { Array(key.authenticate("nestor session", packets).prefix(8)) }
}
