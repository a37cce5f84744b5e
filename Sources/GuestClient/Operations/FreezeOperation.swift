import Glibc
import GuestProtocol
import GuestTransport

/// Asks for a freeze and ends when the file systems are frozen.
final class FreezeOperation: SessionWork {
  private(set) var isFinished = false
  private(set) var mountPoints: [[UInt8]] = []
  private let connection: FrameConnection
  private let request: FreezeRequest

  init(_ connection: FrameConnection, _ request: FreezeRequest) {
    self.connection = connection
    self.request = request
  }

  func begin() {
    connection.send(.request, Request(.freeze, request.encoded))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .reply:
      mountPoints = try FreezeReply(decoding: Array(payload)).mountPoints
      isFinished = true
    case .failure: throw OperationFailure(try Failure(decoding: Array(payload)).error)
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) instead of freezing")
    }
  }
}
