import GuestProtocol
import GuestTransport

/// Connects streams in the guest until the client has enough of it.
final class ForwardHandler: SessionWork {
  private(set) var isFinished = false
  private let context: OperationContext
  private let streams: StreamTable

  init(_ context: OperationContext) {
    self.context = context
    streams = StreamTable(context.connection, window: ProtocolLimits.agentWindow)
  }

  var descriptors: [(descriptor: Int32, events: Int16)] { streams.descriptors }
  var deadline: Instant? { streams.deadline }

  func begin() {
    context.connection.send(.reply)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    if try streams.receive(header, payload) { return }
    switch header.type {
    case .open:
      let target = try ForwardTarget(decoding: Array(payload))
      try streams.connect(header.stream, target)
      context.describe(
        target.path.isEmpty ? "\(target.host):\(target.port)" : CopyPath.shown(target.path))
    case .cancel:
      context.connection.send(.done)
      isFinished = true
    default: throw ProtocolError(.unexpected, "a client that forwards sent \(header.type)")
    }
  }

  func handle(_ descriptor: Int32, _ events: Int16) {
    streams.handle(descriptor, events)
  }

  func produce() {
    streams.produce()
  }

  func tick() {
    streams.tick()
  }
}
