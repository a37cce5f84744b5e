import GuestProtocol
import GuestTransport

/// Sends many frames at once and waits for the answer to all of them.
final class MuchAtOnce: SessionWork {
  private(set) var isFinished = false
  private let connection: FrameConnection
  private let frames: Int

  init(_ connection: FrameConnection, frames: Int) {
    self.connection = connection
    self.frames = frames
  }

  func begin() {
    for _ in 0..<frames { connection.send(.data, [1]) }
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) {
    isFinished = header.type == .done
  }
}
