import Glibc
import GuestProtocol
import GuestTransport

/// Looks at a path.
final class StatHandler: SessionWork {
  let isFinished = true
  private let context: OperationContext
  private let request: StatRequest

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
  }

  func begin() throws {
    var information = stat()
    var reply = StatReply()
    if stat(String(decoding: request.path, as: UTF8.self), &information) == 0 {
      reply.exists = true
      reply.mode = information.st_mode
      reply.size = UInt64(clamping: information.st_size)
    } else if errno != ENOENT && errno != ENOTDIR {
      throw OperationFailure(.system, "cannot look at the path", number: errno)
    }
    context.connection.send(.done, reply)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {}
}
