import Glibc
import GuestProtocol
import GuestTransport

/// Takes files from a guest and passes their frames on, see ``RelayPutOperation``.
final class RelayGetOperation: SessionWork {
  private let connection: FrameConnection
  private let request: GetRequest
  private let pipe: FrameConnection
  private var window = ReceiveWindow(ProtocolLimits.clientWindow)
  private var held = 0
  private var answer: CopyAnswer

  init(_ connection: FrameConnection, _ request: GetRequest, into pipe: FrameConnection) {
    self.connection = connection
    self.request = request
    self.pipe = pipe
    answer = CopyAnswer(connection)
  }

  /// What the agent left out.
  var summary: CopySummary { answer.summary ?? CopySummary() }
  var isFinished: Bool { answer.summary != nil && (pipe.waiting == 0 || pipe.hasEnded) }
  var descriptors: [(descriptor: Int32, events: Int16)] {
    // At its end it would be ready for ever.
    answer.isGivenUp || pipe.hasEnded ? [] : [(pipe.descriptor, pipe.pollEvents)]
  }

  func begin() {
    connection.send(.request, Request(.get, request.encoded))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch header.type {
    case .data, .entry, .hole, .digest:
      guard !answer.isGivenUp else { return }
      try window.receive(payload.count)
      held += payload.count
      pipe.send(header.type, stream: 0, bytes: payload)
    case .end: pipe.send(.end)
    default: try answer.take(header, payload)
    }
  }

  func handle(_ descriptor: Int32, _ events: Int16) throws {
    try pipe.receive()
    try produce()
  }

  func produce() throws {
    try pipe.flush()
    if pipe.hasEnded, answer.summary == nil {
      return answer.giveUp(OperationFailure(.cancelled, "the other guest takes no more"))
    }
    // Credit is given when all has left, so that a slow guest keeps the other from sending.
    guard pipe.waiting == 0, held > 0 else { return }
    defer { held = 0 }
    if let credit = window.consume(held) { connection.send(.credit, number: credit) }
  }
}
