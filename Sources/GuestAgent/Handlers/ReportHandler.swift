import GuestProtocol
import GuestTransport

/// Tells of the guest.
final class ReportHandler: SessionWork {
  let isFinished = true
  private let context: OperationContext

  init(_ context: OperationContext) {
    self.context = context
  }

  func begin() {
    context.connection.send(.done, SystemReport(context.agent.system).report)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) {}
}
