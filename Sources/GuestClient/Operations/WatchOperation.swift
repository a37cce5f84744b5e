import GuestProtocol
import GuestTransport

/// Takes states until somebody has seen enough.
final class WatchOperation: SessionWork {
  private(set) var isFinished = false
  private let connection: FrameConnection
  private let request: WatchRequest
  private let body: (SystemState) throws -> Bool
  private var isCancelled = false
  private var failure: (any Error)?

  init(_ connection: FrameConnection, _ request: WatchRequest, _ body: @escaping (SystemState) throws -> Bool) {
    self.connection = connection
    self.request = request
    self.body = body
  }

  func begin() {
    connection.send(.request, Request(.watch, request.encoded))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .reply: return
    // Those that were on their way when it was cancelled are not wanted any more.
    case .state where isCancelled: return
    case .state:
      let state = try SystemState(decoding: Array(payload))
      do {
        if try body(state) { return }
      } catch {
        failure = error
      }
      connection.send(.cancel)
      isCancelled = true
    case .done:
      isFinished = true
      if let failure { throw failure }
      guard isCancelled else { throw ProtocolError(.unexpected, "the agent ended a watch that nobody gave up") }
    case .failure: throw OperationFailure(try Failure(decoding: Array(payload)).error)
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) while its system is watched")
    }
  }
}
