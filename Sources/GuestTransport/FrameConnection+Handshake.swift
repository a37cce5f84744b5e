import Glibc
import GuestProtocol

extension ByteStream {
  /// Waits until there is something to read, and reads it; nil when `deadline` came first.
  ///
  /// For the handshake, before there are frames. Throws ``SessionEnd``, and ``TransportError`` when the kernel refuses.
  func readSome(until deadline: Instant, interruption: Int32?) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      switch try bytes.withUnsafeMutableBytes({ room throws(TransportError) in try read(into: room) }) {
      case .moved(let count): return Array(bytes[..<count])
      case .ended: throw SessionEnd.peerGone
      case .wouldBlock: break
      }
      guard try wait(for: Int16(truncatingIfNeeded: POLLIN), until: deadline, interruption: interruption) else {
        return nil
      }
    }
  }

  /// Writes all of the bytes; throws ``SessionEnd/silent(_:)`` when the peer did not take them until `deadline`.
  package func writeAll(_ bytes: [UInt8], until deadline: Instant, interruption: Int32? = nil) throws {
    let began = Instant.now
    var sent = 0
    while sent < bytes.count {
      let outcome = try bytes.withUnsafeBytes { all throws(TransportError) in
        try write(UnsafeRawBufferPointer(rebasing: all[sent...]))
      }
      switch outcome {
      case .moved(let count): sent += count
      case .ended: throw SessionEnd.peerGone
      case .wouldBlock:
        guard try wait(for: Int16(truncatingIfNeeded: POLLOUT), until: deadline, interruption: interruption) else {
          throw SessionEnd.silent(Instant.now - began)
        }
      }
    }
  }

  private func wait(for events: Int16, until deadline: Instant, interruption: Int32?) throws -> Bool {
    var entries = [pollfd(fd: descriptor, events: events, revents: 0)]
    if let interruption {
      entries.append(pollfd(fd: interruption, events: Int16(truncatingIfNeeded: POLLIN), revents: 0))
    }
    guard deadline > .now else { return false }
    let count = poll(&entries, UInt(entries.count), deadline.pollTimeout)
    guard count >= 0 || errno == EINTR else { throw TransportError("poll \(name)") }
    if entries.count > 1, entries[1].revents != 0 { throw SessionEnd.interrupted }
    return true
  }
}

extension FrameConnection {
  /// Authenticates as a client and answers with the connection and what was agreed on.
  ///
  /// Throws ``SessionEnd/silent(_:)`` when nobody answered within `timeout`. On a virtio-serial port
  /// (`mayHoldOldBytes`) the agent may be in the middle of a frame of an earlier session: when it does not answer soon, as
  /// many zeros as the longest frame has, which are no frame themselves, bring it back to looking for a hello.
  package static func connect(
    _ stream: ByteStream, key: GuestKey, program: String, mayHoldOldBytes: Bool, timeout: Duration,
    interruption: Int32? = nil
  ) throws -> (FrameConnection, SessionTerms) {
    var handshake = ClientHandshake(key: key, program: program)
    let deadline = Instant.now + timeout
    try stream.writeAll(handshake.opening, until: deadline, interruption: interruption)
    var pause = Duration.milliseconds(400)
    var resend = mayHoldOldBytes ? Instant.now + pause : .never
    while true {
      if let bytes = try stream.readSome(until: min(deadline, resend), interruption: interruption) {
        if let result = try handshake.receive(bytes) {
          let connection = FrameConnection(stream, rest: result.rest)
          try stream.writeAll(result.answer, until: deadline, interruption: interruption)
          return (connection, result.terms)
        }
      } else if Instant.now >= deadline {
        throw SessionEnd.silent(timeout)
      } else {
        let zeros = [UInt8](repeating: 0, count: ProtocolLimits.maximumPayload + FrameHeader.size)
        try stream.writeAll(zeros + handshake.renew(), until: deadline, interruption: interruption)
        // An answer to the one before counts no more, so a slow agent needs more time with each.
        pause = max(.seconds(2), pause * 2)
        resend = Instant.now + pause
      }
    }
  }

  /// Waits for a client and authenticates it, as the agent.
  ///
  /// `rest` are bytes that an earlier session on the same port left. On a port (`isPort`) a client may believe in a session
  /// that this agent does not know, since the guest was put back to an earlier moment: what is no packet is answered with
  /// a pong of zeros, which tells such a client so. Throws the `ProtocolError` with which the client was refused.
  package static func accept(
    _ stream: ByteStream, key: GuestKey, program: String, rest: [UInt8] = [], isBusy: Bool = false,
    isPort: Bool = false, deadline: Instant = .never, interruption: Int32? = nil
  ) throws -> (FrameConnection, SessionTerms) {
    var handshake = AgentHandshake(key: key, program: program)
    var bytes: [UInt8]? = rest
    var answered = 0
    while true {
      while let step = handshake.receive(bytes ?? [], isBusy: isBusy) {
        bytes = nil
        // What was skipped in front of a hello is answered with the hello: a pong behind that would be the new session's.
        answered = handshake.skipped
        let limit = min(deadline, Instant.now + ProtocolLimits.handshakeLimit)
        switch step {
        case .send(let answer):
          try stream.writeAll(answer, until: limit, interruption: interruption)
          // What came before a hello is that client's business no more, and would seem to be about its new session.
          answered = handshake.skipped
        case .accepted(let terms, let rest): return (FrameConnection(stream, rest: rest), terms)
        case .refused(let answer, let error):
          try stream.writeAll(answer, until: limit, interruption: interruption)
          throw error
        }
      }
      if isPort && handshake.skipped >= answered + FrameHeader.size {
        answered = handshake.skipped
        try stream.writeAll(Self.ignorance, until: min(deadline, Instant.now + .seconds(1)), interruption: interruption)
      }
      bytes = try stream.readSome(until: deadline, interruption: interruption)
      if bytes == nil { throw SessionEnd.silent(ProtocolLimits.handshakeLimit) }
    }
  }

  /// A pong of a session that there never was.
  private static var ignorance: [UInt8] {
    var frame = [UInt8](repeating: 0, count: FrameHeader.size + 8)
    frame.withUnsafeMutableBytes { FrameHeader(.pong, length: 8).encode(into: $0) }
    return frame
  }
}
