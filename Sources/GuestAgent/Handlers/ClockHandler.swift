import GuestProtocol
import GuestTransport

/// Sets the clock.
final class ClockHandler: SessionWork {
  /// From the year 2020 until the year 2200, in nanoseconds since 1970: whatever is outside is a mistake.
  static let sensible: Range<Int64> = 1_577_836_800_000_000_000..<7_258_118_400_000_000_000

  let isFinished = true
  private let context: OperationContext
  private let request: ClockRequest

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
  }

  func begin() throws {
    guard Self.sensible.contains(request.time) else {
      throw OperationFailure(.invalid, "the clock can be set to the years from 2020 to 2199 only")
    }
    let system = context.agent.system
    let before: Int64
    do {
      before = try system.settingClock.withLock { _ throws(KernelError) in
        let before = system.kernel.time()
        try system.kernel.setTime(request.time)
        return before
      }
    } catch {
      throw error.failure
    }
    var reply = ClockReply()
    let (offset, overflows) = request.time.subtractingReportingOverflow(before)
    reply.offset = overflows ? .max : offset
    context.connection.send(.done, reply)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) {}
}
