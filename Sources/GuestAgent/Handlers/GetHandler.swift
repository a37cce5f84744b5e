import GuestProtocol
import GuestTransport

/// Sends files to a client.
final class GetHandler: SessionWork {
  private(set) var isFinished = false
  private let context: OperationContext
  private let request: GetRequest
  private let reader: TreeReader

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
    try CopyPath.requireAbsolute(self.request.path)
    reader = try TreeReader(
      [self.request.path],
      options: TreeReader.Options(
        isRecursive: self.request.isRecursive, followsLinks: self.request.followsLinks, place: " in the guest"),
      connection: context.connection, credit: context.terms.peerWindow)
  }

  /// At once while there is something to send, since no descriptor tells that a file can be read.
  var deadline: Instant? { reader.canProduce ? .now : nil }

  func begin() {
    context.describe(CopyPath.shown(request.path))
    context.connection.send(.reply)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .credit: try reader.grant(try Frame(.credit, payload: Array(payload)).number())
    case .cancel: throw OperationFailure(.cancelled, "the copy was given up")
    default: throw ProtocolError(.unexpected, "a client that is sent files sent \(header.type)")
    }
  }

  func produce() throws {
    try reader.produce()
    guard reader.isFinished else { return }
    context.connection.send(.done, reader.summary)
    isFinished = true
  }
}
