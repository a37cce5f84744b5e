import Glibc
import GuestProtocol
import GuestTransport

/// Work on frames, each of which takes its time; the answer comes after the last.
final class SlowWork: SessionWork {
  private(set) var isFinished = false
  private let connection: FrameConnection
  private let pause: Duration
  private var left: Int

  init(_ connection: FrameConnection, frames: Int, pause: Duration) {
    self.connection = connection
    self.pause = pause
    left = frames
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) {
    usleep(UInt32(pause.milliseconds) * 1_000)
    left -= 1
    guard left == 0 else { return }
    connection.send(.done)
    isFinished = true
  }
}
