import GuestProtocol
import GuestTransport

/// Waits for a client's next request.
final class RequestReader: SessionWork {
  /// What the client asks for, once it has.
  private(set) var request: Request?

  var isFinished: Bool { request != nil }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .request:
      do {
        request = try Request(decoding: Array(payload))
      } catch {
        // The frames are in order, only this one means nothing.
        throw OperationFailure(error)
      }
    // What the client sent for an operation before it knew that this had ended.
    case .data, .end, .credit, .reset, .signal, .resize, .open, .entry, .hole, .digest, .cancel: return
    case .reply, .failure, .exit, .opened, .done, .state, .ping, .pong:
      throw ProtocolError(.unexpected, "a client sent a frame that only agents send: \(header.type)")
    }
  }
}
