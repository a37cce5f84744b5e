/// What the two sides exchange before there are frames: eight fixed bytes, a kind, a length and a body.
///
/// The fixed bytes let a receiver find a packet behind whatever an earlier session left on a virtio-serial port. They
/// can be no frame header, since the length that they would say is beyond every limit.
package struct HandshakePacket: Sendable, Equatable {
  package enum Kind: UInt8, Sendable {
    /// The client begins; body ``ClientHello``.
    case clientHello = 1
    /// The agent answers; body ``AgentHello``.
    case agentHello = 2
    /// The agent shows that it has the key; body: the proof, 32 bytes.
    case agentProof = 3
    /// The client shows that it has the key; body: the proof, 32 bytes. Frames follow in both directions.
    case clientProof = 4
    /// The agent does not want this session; body ``Refusal``.
    case refusal = 5
  }

  /// The eight bytes with which every packet begins.
  package static let magic: [UInt8] = [0x89, 0x4e, 0x53, 0x54, 0x52, 0x0d, 0x0a, 0x1a]
  /// The bytes before the body: magic, kind (1 byte), length (2 bytes, little-endian).
  static let headerSize = 11

  package var kind: Kind
  /// What it carries, at most ``ProtocolLimits/maximumPacketBody`` bytes.
  package var body: [UInt8]

  package init(_ kind: Kind, _ body: [UInt8]) {
    self.kind = kind
    self.body = body
  }

  /// The packet's bytes; both sides' proofs are over these.
  package var encoded: [UInt8] {
    Self.magic + [kind.rawValue, UInt8(truncatingIfNeeded: body.count), UInt8(truncatingIfNeeded: body.count >> 8)]
      + body
  }
}
