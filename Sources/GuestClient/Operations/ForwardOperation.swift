import Glibc
import GuestProtocol
import GuestTransport

/// Carries the connections of listeners to the guest.
final class ForwardOperation: SessionWork {
  let isFinished = false
  private let connection: FrameConnection
  private let rules: [(listener: LocalListener, target: ForwardTarget)]
  private let events: (ForwardEvent) -> Void
  private let streams: StreamTable
  private var origins: [UInt16: LocalAddress] = [:]
  private var hasBegun = false
  // While there is no descriptor for another connection.
  private var pausedUntil = Instant.now

  init(
    _ connection: FrameConnection, _ rules: [(LocalListener, ForwardTarget)], _ events: @escaping (ForwardEvent) -> Void
  ) {
    self.connection = connection
    self.rules = rules.map { (listener: $0.0, target: $0.1) }
    self.events = events
    streams = StreamTable(connection, window: ProtocolLimits.clientWindow)
    streams.onOpened = { [unowned self] number in
      if let address = origins[number] { events(.connected(address)) }
    }
    streams.onClosed = { [unowned self] number, error in
      guard let address = origins.removeValue(forKey: number) else { return }
      events(error.map { .failed(address, $0) } ?? .closed(address))
    }
  }

  var descriptors: [(descriptor: Int32, events: Int16)] {
    let accepts = hasBegun && !streams.isFull && Instant.now >= pausedUntil
    return streams.descriptors
      + (accepts ? rules.map { ($0.listener.descriptor, Int16(truncatingIfNeeded: POLLIN)) } : [])
  }

  var deadline: Instant? {
    let streams = streams.deadline
    guard pausedUntil > Instant.now else { return streams }
    return min(streams ?? .never, pausedUntil)
  }

  func begin() {
    connection.send(.request, Request(.forward))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    if try streams.receive(header, payload) { return }
    switch header.type {
    case .reply:
      hasBegun = true
      events(.ready)
    case .failure: throw OperationFailure(try Failure(decoding: Array(payload)).error)
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) while it forwarded")
    }
  }

  func handle(_ descriptor: Int32, _ events: Int16) {
    guard let rule = rules.first(where: { $0.listener.descriptor == descriptor }) else {
      return streams.handle(descriptor, events)
    }
    // Some of those that wait; the others' bytes are to move as well.
    for _ in 0..<16 where !streams.isFull {
      guard let accepted = rule.listener.accept() else { return }
      guard accepted >= 0 else {
        pausedUntil = Instant.now + .milliseconds(100)
        self.events(
          .failed(
            rule.listener.address,
            ProtocolError(.system, "cannot accept a connection", number: -accepted)))
        return
      }
      if let number = streams.open(rule.target, input: accepted, output: accepted, owning: true) {
        origins[number] = rule.listener.address
      }
    }
  }

  func produce() {
    streams.produce()
  }

  func tick() {
    streams.tick()
  }
}
