import GuestProtocol
import GuestTransport

/// What the agent has said about a copy, and what went wrong on this side of it.
struct CopyAnswer {
  /// The agent is ready.
  private(set) var hasBegun = false
  /// The agent's summary, once it is done.
  private(set) var summary: CopySummary?
  private var ownFailure: OperationFailure?
  private let connection: FrameConnection

  init(_ connection: FrameConnection) {
    self.connection = connection
  }

  /// This side has failed, and only waits for the agent's last frame.
  var isGivenUp: Bool { ownFailure != nil }

  /// Gives the copy up; it fails with `failure` once the agent has answered, and the session goes on.
  mutating func giveUp(_ failure: OperationFailure) {
    guard ownFailure == nil else { return }
    ownFailure = failure
    connection.send(.cancel)
  }

  /// Takes a frame that every copy has.
  mutating func take(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .reply: hasBegun = true
    case .failure: throw try ownFailure ?? OperationFailure(try Failure(decoding: Array(payload)).error)
    case .done:
      if let ownFailure { throw ownFailure }
      summary = try CopySummary(decoding: Array(payload))
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) during a copy")
    }
  }
}
