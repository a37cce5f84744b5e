import GuestProtocol
import GuestTransport

/// Connects to something in the guest and lets go at once, to see whether anybody is there.
final class ConnectCheck: SessionWork {
  /// Whether somebody was there.
  private(set) var isAnswered = false
  private(set) var isFinished = false
  private let connection: FrameConnection
  private let target: ForwardTarget
  private static let stream: UInt16 = 1

  init(_ connection: FrameConnection, _ target: ForwardTarget) {
    self.connection = connection
    self.target = target
  }

  func begin() {
    connection.send(.request, Request(.forward))
    connection.send(.open, stream: Self.stream, target)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .opened:
      isAnswered = true
      connection.send(.cancel)
    // Whoever is there may refuse, or say something before it is left.
    case .reset: connection.send(.cancel)
    case .reply, .data, .end, .credit: return
    case .done: isFinished = true
    case .failure: throw OperationFailure(try Failure(decoding: Array(payload)).error)
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) where it was to connect")
    }
  }
}
