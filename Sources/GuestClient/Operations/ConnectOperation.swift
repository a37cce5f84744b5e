import GuestProtocol
import GuestTransport

/// Joins two descriptors with one place in the guest.
final class ConnectOperation: SessionWork {
  private(set) var isFinished = false
  /// Why it ended, unless by itself.
  private(set) var failure: ProtocolError?
  private let connection: FrameConnection
  private let target: ForwardTarget
  private let ends: (input: Int32, output: Int32)
  private let streams: StreamTable
  private var isEnding = false

  init(_ connection: FrameConnection, _ target: ForwardTarget, input: Int32, output: Int32) {
    self.connection = connection
    self.target = target
    ends = (input, output)
    streams = StreamTable(connection, window: ProtocolLimits.clientWindow)
    streams.onOutputEnd = { [unowned self] _ in end() }
    streams.onClosed = { [unowned self] _, error in
      failure = failure ?? error
      end()
    }
  }

  var descriptors: [(descriptor: Int32, events: Int16)] { isEnding ? [] : streams.descriptors }
  var deadline: Instant? { isEnding ? nil : streams.deadline }

  func begin() {
    connection.send(.request, Request(.forward))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    if isEnding, ![.done, .failure].contains(header.type) { return }
    if try streams.receive(header, payload) { return }
    switch header.type {
    case .reply: _ = streams.open(target, input: ends.input, output: ends.output, owning: false)
    case .done: isFinished = true
    case .failure: throw OperationFailure(try Failure(decoding: Array(payload)).error)
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) while it forwarded")
    }
  }

  func handle(_ descriptor: Int32, _ events: Int16) {
    streams.handle(descriptor, events)
  }

  func produce() {
    if !isEnding { streams.produce() }
  }

  func tick() {
    streams.tick()
  }

  private func end() {
    guard !isEnding else { return }
    isEnding = true
    connection.send(.cancel)
  }
}
