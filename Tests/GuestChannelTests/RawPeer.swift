import Glibc
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

@testable import GuestAgent

/// One side of a session that sends and receives frames by hand, right or wrong.
final class RawPeer {
  let connection: FrameConnection
  let terms: SessionTerms

  init(_ connection: FrameConnection, _ terms: SessionTerms) {
    self.connection = connection
    self.terms = terms
  }

  /// A client of an agent.
  static func client(of pair: AgentPair, timeout: Duration = .seconds(200)) throws -> RawPeer {
    try client(over: pair.stream(), key: pair.key, timeout: timeout)
  }

  /// A client of whatever agent is at the stream's other end.
  static func client(over stream: ByteStream, key: GuestKey, timeout: Duration = .seconds(200)) throws -> RawPeer {
    let (connection, terms) = try FrameConnection.connect(
      stream, key: key, program: "raw client", mayHoldOldBytes: false, timeout: timeout)
    return RawPeer(connection, terms)
  }

  /// Runs an agent by hand on a thread of its own: `body` is called with it once the client has proved itself, and its end
  /// closes the connection.
  static func agent(_ key: GuestKey, _ body: @escaping @Sendable (RawPeer) throws -> Void) throws -> ByteStream {
    let (mine, theirs) = try ByteStream.pair()
    BlockingWork.start {
      guard
        let (connection, terms) = try? FrameConnection.accept(
          theirs, key: key, program: "raw agent", deadline: Instant.now + .seconds(200))
      else { return }
      try? body(RawPeer(connection, terms))
      theirs.shutDown()
    }
    return mine
  }

  /// Sends what waits, and bytes behind it that need be no frame.
  func flush(_ bytes: [UInt8] = []) throws {
    let deadline = Instant.now + .seconds(200)
    while connection.waiting > 0, Instant.now < deadline, !connection.hasEnded {
      try connection.flush()
      if connection.waiting > 0 { usleep(1_000) }
    }
    try connection.stream.writeAll(bytes, until: deadline)
  }

  func send(_ type: FrameType, stream: UInt16 = 0, _ payload: [UInt8] = []) throws {
    connection.send(type, stream: stream, payload)
    try flush()
  }

  func request(_ operation: Operation, _ message: (any Message)? = nil) throws {
    try send(.request, Request(operation, message?.encoded ?? []).encoded)
  }

  /// The next frame but pings; nil once the peer has gone or has sent nothing for so long.
  func next(timeout: Duration = .seconds(200)) throws -> Frame? {
    let end = Instant.now + timeout
    while true {
      while let frame = try connection.nextFrame() {
        if frame.type == .ping {
          try send(.pong, terms.token)
        } else {
          return frame
        }
      }
      guard !connection.hasEnded, Instant.now < end else { return nil }
      _ = Waiting.wait(for: connection.descriptor, timeout: end - Instant.now)
      try connection.receive()
    }
  }

  /// Whether the peer closes the connection, whatever it sends before.
  func seesEnd(timeout: Duration = .seconds(200)) -> Bool {
    let end = Instant.now + timeout
    while Instant.now < end {
      do {
        guard try next(timeout: end - Instant.now) != nil else { return connection.hasEnded }
      } catch {
        return true
      }
    }
    return false
  }
}
