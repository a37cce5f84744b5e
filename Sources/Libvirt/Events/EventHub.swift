import Synchronization

/// Hands the events of one registration with libvirt to everyone who listens to the same thing.
final class EventHub<Event: Sendable>: Sendable {
  typealias Listener = AsyncThrowingStream<Event, any Error>.Continuation

  /// How many events wait for a slow reader.
  static var capacity: Int { 10_000 }

  private struct State {
    var listeners: [Int: Listener] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  /// Lets a listener hear what comes from now on; the number takes it back.
  func add(_ listener: Listener) -> Int {
    state.withLock { state in
      state.next += 1
      state.listeners[state.next] = listener
      return state.next
    }
  }

  /// Takes a listener back; true when none is left.
  func remove(_ number: Int) -> Bool {
    state.withLock { state in
      state.listeners[number] = nil
      return state.listeners.isEmpty
    }
  }

  /// Passes an event on. It is called on the event loop's thread, where nothing may block. A listener for whom too many
  /// wait hears no more, rather than miss one without knowing.
  func deliver(_ event: Event) {
    // Without the lock, since a listener that ends is let go.
    for listener in state.withLock({ Array($0.listeners.values) }) {
      guard case .dropped = listener.yield(event) else { continue }
      listener.finish(
        throwing: LibvirtError(
          code: .eventsDropped, domain: .event,
          message: "more than \(Self.capacity) events waited to be read, later ones are lost; look at the state anew",
          call: "EventSequence"))
    }
  }
}
