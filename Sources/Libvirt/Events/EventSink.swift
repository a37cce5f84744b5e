import CLibvirt

/// What a callback of libvirt holds on to: where its events go, and the connection that they belong to.
final class EventSink<Event: Sendable>: Sendable {
  private let connection: Connection
  private let hub: EventHub<Event>

  init(_ connection: Connection, _ hub: EventHub<Event>) {
    self.connection = connection
    self.hub = hub
  }

  /// Passes an event on. It is called on the event loop's thread, where nothing may block; what cannot be read there is
  /// left out.
  static func deliver(_ opaque: UnsafeMutableRawPointer?, _ make: (Connection) throws -> Event) {
    guard let opaque else { return }
    let sink = Unmanaged<EventSink<Event>>.fromOpaque(opaque).takeUnretainedValue()
    guard let event = try? make(sink.connection) else { return }
    sink.hub.deliver(event)
  }
}
