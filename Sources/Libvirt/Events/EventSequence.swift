/// Events of one kind, in the order in which libvirt tells them.
///
/// A sequence has one reader. Events wait for it, up to ten thousand; a reader that falls further behind gets those and
/// then an error with code ``ErrorCode/eventsDropped``, rather than a gap that it cannot see. When the daemon goes, the
/// sequence ends by an error with code ``ErrorCode/rpc`` after the last event. It ends by itself when the reader's task
/// is cancelled or ``Connection/close()`` is called, and libvirt stops sending when the sequence and its iterator are
/// gone. Until then it keeps the connection open.
public struct EventSequence<Event: Sendable>: AsyncSequence, Sendable {
  /// An event.
  public typealias Element = Event

  /// Takes the events one by one.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private var base: AsyncThrowingStream<Event, any Error>.Iterator

    init(_ base: AsyncThrowingStream<Event, any Error>.Iterator) {
      self.base = base
    }

    /// The next event, or nil when the task was cancelled; throws ``LibvirtError`` when none can come any more.
    public mutating func next() async throws -> Event? {
      try await base.next()
    }
  }

  let stream: AsyncThrowingStream<Event, any Error>

  /// The iterator over the events; only one may be in use.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(stream.makeAsyncIterator())
  }
}
