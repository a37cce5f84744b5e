import CLibvirt

/// What a callback of libvirt holds on to: where its events go, and the connection that they belong to.
final class EventSink<Event: Sendable>: Sendable {
  /// How many events wait for a slow reader.
  static var capacity: Int { 10_000 }

  private let connection: Connection
  private let continuation: AsyncThrowingStream<Event, any Error>.Continuation

  init(_ connection: Connection, _ continuation: AsyncThrowingStream<Event, any Error>.Continuation) {
    self.connection = connection
    self.continuation = continuation
  }

  /// Passes an event on. It is called on the event loop's thread, where nothing may block; what cannot be read there is
  /// left out.
  static func deliver(_ opaque: UnsafeMutableRawPointer?, _ make: (Connection) throws -> Event) {
    guard let opaque else { return }
    let sink = Unmanaged<EventSink<Event>>.fromOpaque(opaque).takeUnretainedValue()
    guard let event = try? make(sink.connection) else { return }
    guard case .dropped = sink.continuation.yield(event) else { return }
    sink.continuation.finish(
      throwing: LibvirtError(
        code: .eventsDropped, domain: .event,
        message: "more than \(capacity) events waited to be read, later ones are lost; look at the state anew",
        call: "EventSequence"))
  }
}
