import GuestProtocol
import GuestTransport

/// Takes files from a client.
final class PutHandler: SessionWork {
  private(set) var isFinished = false
  private let context: OperationContext
  private let request: PutRequest
  private var receiver: TreeReceiver

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
    try CopyPath.requireAbsolute(self.request.path)
    var options = TreeWriter.Options()
    options.keepsOwners = self.request.keepsOwners
    options.mustBeFolder = self.request.mustBeFolder
    options.mustBeFile = self.request.mustBeFile
    options.place = " in the guest"
    receiver = TreeReceiver(
      try TreeWriter(self.request.path, options: options), connection: context.connection,
      window: ProtocolLimits.agentWindow)
  }

  func begin() {
    context.describe(CopyPath.shown(request.path))
    context.connection.send(.reply)
    receiver.begin()
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    if try receiver.take(header, payload) { return }
    switch header.type {
    case .end:
      context.connection.send(.done, try receiver.writer.finish())
      isFinished = true
    case .cancel: throw OperationFailure(.cancelled, "the copy was given up")
    default: throw ProtocolError(.unexpected, "a client that copies files sent \(header.type)")
    }
  }
}
