import Glibc
import GuestProtocol
import GuestTransport

/// Keeps a session with frozen file systems alive until it is told to thaw them, and ends when they are.
final class ThawOperation: SessionWork {
  private(set) var isFinished = false
  private let connection: FrameConnection
  private let release: Interruption
  private var isCancelled = false

  init(_ connection: FrameConnection, release: Interruption) {
    self.connection = connection
    self.release = release
  }

  var descriptors: [(descriptor: Int32, events: Int16)] {
    isCancelled ? [] : [(release.descriptor, Int16(truncatingIfNeeded: POLLIN))]
  }

  func handle(_ descriptor: Int32, _ events: Int16) {
    connection.send(.cancel)
    isCancelled = true
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .done:
      isFinished = true
      guard try !FreezeEnd(decoding: Array(payload)).timedOut else {
        throw OperationFailure(
          .timedOut, "the guest thawed its file systems by itself before the work on them was done")
      }
      guard isCancelled else { throw ProtocolError(.unexpected, "the agent thawed what it was to keep frozen") }
    case .failure: throw OperationFailure(try Failure(decoding: Array(payload)).error)
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) while file systems are frozen")
    }
  }
}
