import Glibc
import GuestProtocol

/// Runs a session's work: polls, moves frames, keeps the session alive, and notices when it is not.
///
/// Belongs to one thread. Both sides use it: the agent for each request, the client for each operation.
package final class SessionLoop {
  /// What the session's frames go over.
  package let connection: FrameConnection
  private let token: [UInt8]
  private let interruption: Int32?
  private let keepAlive: SessionKeepAlive
  private var lastPing: Instant?
  // The first ping since bytes last came.
  private var firstPing: Instant?
  // Between two operations nobody listens, so that silence counts from the operation's begin.
  private var began = Instant.now

  /// Begins after the handshake. When `interruption`, a descriptor that stays the caller's, becomes readable, the loop
  /// ends with ``SessionEnd/interrupted``.
  package init(
    _ connection: FrameConnection, terms: SessionTerms, interruption: Int32? = nil,
    keepAlive: SessionKeepAlive = SessionKeepAlive()
  ) {
    self.keepAlive = keepAlive
    self.connection = connection
    token = terms.token
    self.interruption = interruption
  }

  /// Runs `work` until it is finished and all that it sent has left.
  ///
  /// Throws what the work throws, ``SessionEnd``, `ProtocolError` for a breach of the protocol and ``TransportError``.
  package func run(_ work: some SessionWork) throws {
    began = Instant.now
    firstPing = nil
    try work.begin()
    while true {
      let isHeld = try takeFrames(work)
      if connection.hasRoom && !work.isFinished { try work.produce() }
      try connection.flush()
      if work.isFinished && connection.waiting == 0 { return }
      if connection.hasEnded { throw SessionEnd.peerGone }
      // What was held back can be taken once the peer has read.
      if isHeld && connection.takesAnswers { continue }
      try wait(for: work)
    }
  }

  /// Sends what waits, for at most `timeout`; for last words.
  package func drain(timeout: Duration) throws {
    let end = Instant.now + timeout
    while connection.waiting > 0, !connection.hasEnded, Instant.now < end {
      var entry = pollfd(fd: connection.descriptor, events: Int16(truncatingIfNeeded: POLLOUT), revents: 0)
      poll(&entry, 1, end.pollTimeout)
      try connection.flush()
    }
  }

  /// Takes frames; answers whether some were held back, since the answers to those before wait.
  private func takeFrames(_ work: some SessionWork) throws -> Bool {
    while !work.isFinished {
      // A peer that asks and asks without reading must not fill this side's memory.
      guard connection.takesAnswers else { return true }
      let took: Void? = try connection.nextFrame { header, payload in
        switch header.type {
        case .ping:
          // A guest that was put back to an earlier moment still believes in the session that it had then.
          connection.send(.pong, token)
          guard payload.elementsEqual(token) else {
            // The answer tells the peer.
            try drain(timeout: .milliseconds(500))
            throw SessionEnd.replaced
          }
        case .pong:
          guard payload.elementsEqual(token) else { throw SessionEnd.replaced }
        default: try work.receive(header, payload)
        }
      }
      if took == nil { return false }
      try showLife()
    }
    return false
  }

  /// Lets the peer know that this side is there while it works through what came.
  ///
  /// A copy's window holds tens of thousands of small files, whose making can take longer than a peer waits, and the ping
  /// lies behind them all.
  private func showLife() throws {
    guard Instant.now - max(connection.lastSent, began) >= keepAlive.pingAfter else { return }
    // One is enough where the peer does not read.
    if connection.waiting == 0 { connection.send(.pong, token) }
    try connection.flush()
  }

  private func wait(for work: some SessionWork) throws {
    let requests = work.descriptors
    var entries = [pollfd(fd: connection.descriptor, events: connection.pollEvents, revents: 0)]
    if let interruption {
      entries.append(pollfd(fd: interruption, events: Int16(truncatingIfNeeded: POLLIN), revents: 0))
    }
    let first = entries.count
    entries += requests.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
    var until = max(connection.lastReceived, lastPing ?? began, began) + keepAlive.pingAfter
    if let firstPing { until = min(until, firstPing + (keepAlive.silenceLimit - keepAlive.pingAfter)) }
    // Asked for once: a moment that is always a little ahead of the present would never come.
    let deadline = work.deadline
    if let deadline { until = min(until, deadline) }
    let count = poll(&entries, UInt(entries.count), until.pollTimeout)
    guard count >= 0 || errno == EINTR else { throw TransportError("poll") }
    if count > 0 {
      if interruption != nil, entries[1].revents != 0 { throw SessionEnd.interrupted }
      if entries[0].revents & Int16(truncatingIfNeeded: ~POLLOUT) != 0 { try connection.receive() }
      for entry in entries[first...] where entry.revents != 0 { try work.handle(entry.fd, entry.revents) }
    }
    if let deadline, Instant.now >= deadline { try work.tick() }
    try checkSilence()
  }

  private func checkSilence() throws {
    let now = Instant.now
    if let firstPing, connection.lastReceived >= firstPing { self.firstPing = nil }
    let silence = now - max(connection.lastReceived, began)
    // Only a peer that was asked can be silent: this side may have been the one that did not listen.
    if let firstPing, now - firstPing >= keepAlive.silenceLimit - keepAlive.pingAfter {
      throw SessionEnd.silent(silence)
    }
    guard silence >= keepAlive.pingAfter, now - (lastPing ?? began) >= keepAlive.pingAfter else { return }
    lastPing = now
    firstPing = firstPing ?? now
    connection.send(.ping, token)
  }
}
