import GuestProtocol
import GuestTransport

/// An operation that is one request and one answer.
final class UnaryCall<Answer: Message>: SessionWork {
  private(set) var answer = Answer()
  private(set) var isFinished = false
  private let connection: FrameConnection
  private let request: Request

  init(_ connection: FrameConnection, _ request: Request) {
    self.connection = connection
    self.request = request
  }

  func begin() {
    connection.send(.request, request)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .done:
      answer = try Answer(decoding: Array(payload))
      isFinished = true
    case .failure: throw OperationFailure(try Failure(decoding: Array(payload)).error)
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) where it was to answer")
    }
  }
}
