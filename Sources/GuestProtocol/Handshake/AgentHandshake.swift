/// The agent's part of the handshake: bytes in, bytes out, no I/O.
///
/// Feed what comes to ``receive(_:)`` and send what it answers, until it is accepted or throws. A new hello at any
/// moment
/// begins anew: on a virtio-serial port it is the only sign that another client has come.
package struct AgentHandshake {
  /// What is to be done next.
  package enum Step: Sendable {
    /// Send these bytes and go on reading.
    case send([UInt8])
    /// The client has proved itself; `rest` are bytes that came behind, its first frames.
    case accepted(SessionTerms, rest: [UInt8])
    /// Send these bytes, then end; the error says why, for the log.
    case refused([UInt8], ProtocolError)
  }

  private let key: GuestKey
  private let program: String
  private let versions: ClosedRange<UInt32>
  private var scanner: PacketScanner
  private var pending: Pending?

  /// A hello that was answered, until the client has proved itself.
  private struct Pending {
    let hello: [UInt8]
    let terms: SessionTerms
    let proof: [UInt8]
    let nonce: [UInt8]
  }

  /// Waits for a client; `bytes` are those that another reader left.
  package init(
    key: GuestKey, program: String, rest bytes: [UInt8] = [], versions: ClosedRange<UInt32> = ProtocolLimits.versions
  ) {
    self.key = key
    self.program = program
    self.versions = versions
    scanner = PacketScanner(bytes)
  }

  /// The number of bytes that were skipped because they were no packet.
  package var skipped: Int { scanner.skipped }

  /// Takes bytes; answers with the next step, or nil until more come. Call again with no bytes until it answers nil.
  ///
  /// `isBusy` is asked when a hello comes: an agent that has no room refuses right then.
  package mutating func receive(_ bytes: some Collection<UInt8>, isBusy: Bool = false) -> Step? {
    scanner.append(bytes)
    while let packet = scanner.next() {
      switch packet.kind {
      case .clientHello:
        // A client that was not answered at once says the same again; the first answer is on its way to it.
        if let pending, pending.hello == packet.encoded { continue }
        return answer(packet, isBusy: isBusy)
      case .clientProof:
        guard let pending else { continue }
        self.pending = nil
        guard GuestKey.equals(packet.body, pending.proof) else {
          return refuse(ProtocolError(.authentication, "the client does not have this guest's key"), pending.nonce)
        }
        return .accepted(pending.terms, rest: scanner.rest)
      case .agentHello, .agentProof, .refusal: continue
      }
    }
    return nil
  }

  private mutating func answer(_ packet: HandshakePacket, isBusy: Bool) -> Step {
    pending = nil
    let hello: ClientHello
    do {
      hello = try ClientHello(decoding: packet.body)
    } catch {
      return refuse(error, [])
    }
    guard hello.nonce.count == Nonce.size else {
      return refuse(ProtocolError(.malformed, "the client's nonce has \(hello.nonce.count) bytes"), hello.nonce)
    }
    guard !isBusy else {
      return refuse(ProtocolError(.busy, "the agent has as many sessions as it can have; try again later"), hello.nonce)
    }
    guard hello.oldest <= hello.newest, hello.oldest <= versions.upperBound, hello.newest >= versions.lowerBound else {
      let text = "the client speaks versions \(hello.oldest) to \(hello.newest) of the protocol"
      return refuse(
        ProtocolError(.version, "\(text), this agent \(versions.lowerBound) to \(versions.upperBound)"), hello.nonce)
    }
    var answer = AgentHello()
    answer.version = min(hello.newest, versions.upperBound)
    answer.features = .all
    answer.clientNonce = hello.nonce
    answer.nonce = Nonce.random()
    answer.window = ProtocolLimits.agentWindow
    answer.program = program
    let bytes = HandshakePacket(.agentHello, answer.encoded).encoded
    let transcript = Transcript(key: key, clientHello: packet.encoded, agentHello: bytes)
    let terms = SessionTerms(
      version: answer.version, features: answer.features.intersection(hello.features),
      peerWindow: min(hello.window, ProtocolLimits.maximumWindow), token: transcript.token, peerProgram: hello.program)
    pending = Pending(hello: packet.encoded, terms: terms, proof: transcript.clientProof, nonce: hello.nonce)
    return .send(bytes + HandshakePacket(.agentProof, transcript.agentProof).encoded)
  }

  private func refuse(_ error: ProtocolError, _ nonce: [UInt8]) -> Step {
    var refusal = Refusal()
    refusal.code = error.code.rawValue
    refusal.message = error.message
    refusal.clientNonce = Array(nonce.prefix(Nonce.size))
    refusal.oldest = versions.lowerBound
    refusal.newest = versions.upperBound
    return .refused(HandshakePacket(.refusal, refusal.encoded).encoded, error)
  }
}
