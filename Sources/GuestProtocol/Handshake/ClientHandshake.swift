/// The client's part of the handshake: bytes in, bytes out, no I/O.
///
/// Send ``opening``, feed what comes to ``receive(_:)`` until it answers, send the answer's bytes; frames follow.
/// On a port
/// that may hold an earlier session's bytes, another one may be sent, see ``renew()``.
package struct ClientHandshake {
  /// What came of the handshake.
  package struct Result: Sendable {
    /// The bytes to send: the client's proof. The first request may follow at once.
    package let answer: [UInt8]
    /// What the peers agreed on.
    package let terms: SessionTerms
    /// Bytes that came behind the agent's proof: the first frames.
    package let rest: [UInt8]
  }

  /// The bytes with which the client begins.
  package private(set) var opening: [UInt8]
  private let key: GuestKey
  private var hello: ClientHello
  private var scanner = PacketScanner()
  private var agentHello: AgentHello?
  private var agentPacket: [UInt8] = []

  /// Begins a session with the guest of a key.
  package init(key: GuestKey, program: String, versions: ClosedRange<UInt32> = ProtocolLimits.versions) {
    var hello = ClientHello()
    hello.oldest = versions.lowerBound
    hello.newest = versions.upperBound
    hello.features = .all
    hello.nonce = Nonce.random()
    hello.window = ProtocolLimits.clientWindow
    hello.program = program
    self.key = key
    self.hello = hello
    opening = HandshakePacket(.clientHello, hello.encoded).encoded
  }

  /// Begins anew with another nonce, where nobody answered, and answers with the ``opening`` to send.
  ///
  /// Not with the same one: an agent that only listens now would answer both, and take the proof for its second answer
  /// where the client has proved itself to the first.
  package mutating func renew() -> [UInt8] {
    hello.nonce = Nonce.random()
    opening = HandshakePacket(.clientHello, hello.encoded).encoded
    agentHello = nil
    return opening
  }

  /// Takes bytes; answers once the agent has proved itself.
  ///
  /// Throws what the agent refused, or ``ProtocolError/Code/authentication`` when its proof is wrong: then
  /// nothing may be
  /// sent that the guest should not see. Packets that are meant for an earlier client, or are broken, are skipped.
  package mutating func receive(_ bytes: some Collection<UInt8>) throws(ProtocolError) -> Result? {
    scanner.append(bytes)
    while let packet = scanner.next() {
      switch packet.kind {
      case .refusal:
        guard let refusal = try? Refusal(decoding: packet.body), refusal.clientNonce == hello.nonce else { continue }
        throw error(refusal)
      case .agentHello:
        guard let answer = try? AgentHello(decoding: packet.body), answer.clientNonce == hello.nonce else { continue }
        try check(answer)
        agentHello = answer
        agentPacket = packet.encoded
      case .agentProof:
        guard let agentHello else { continue }
        return try finish(agentHello, proof: packet.body)
      case .clientHello, .clientProof: continue
      }
    }
    return nil
  }

  private func check(_ answer: AgentHello) throws(ProtocolError) {
    guard (hello.oldest...hello.newest).contains(answer.version) else {
      throw ProtocolError(.version, "the agent chose version \(answer.version), which was not offered")
    }
    guard answer.nonce.count == Nonce.size else {
      throw ProtocolError(.malformed, "the agent's nonce has \(answer.nonce.count) bytes")
    }
  }

  private func finish(_ agentHello: AgentHello, proof: [UInt8]) throws(ProtocolError) -> Result {
    let transcript = Transcript(key: key, clientHello: opening, agentHello: agentPacket)
    guard GuestKey.equals(proof, transcript.agentProof) else {
      throw ProtocolError(.authentication, "whoever answered does not have the guest's key")
    }
    let terms = SessionTerms(
      version: agentHello.version, features: hello.features.intersection(agentHello.features),
      peerWindow: min(agentHello.window, ProtocolLimits.maximumWindow), token: transcript.token,
      peerProgram: agentHello.program)
    let answer = HandshakePacket(.clientProof, transcript.clientProof).encoded
    return Result(answer: answer, terms: terms, rest: scanner.rest)
  }

  private func error(_ refusal: Refusal) -> ProtocolError {
    let code = ProtocolError.Code(rawValue: refusal.code) ?? .unexpected
    guard code == .version else { return ProtocolError(code, refusal.message) }
    return ProtocolError(
      .version,
      "the agent speaks versions \(refusal.oldest) to \(refusal.newest) of the protocol, this client \(hello.oldest) to \(hello.newest)"
    )
  }
}
