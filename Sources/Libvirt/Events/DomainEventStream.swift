/// Events of one kind, as they come, of all domains or of one.
///
/// Events wait for the reader, up to ten thousand; a reader that falls further behind gets those and then an error with
/// code ``ErrorCode/eventsDropped``, rather than a gap that it cannot see. The sequence ends by an error when the
/// connection to the daemon goes, and by itself when its task is cancelled or ``Connection/close()`` is called;
/// libvirt then stops sending.
public struct DomainEventStream<Payload: Sendable>: AsyncSequence, Sendable {
  /// An event.
  public typealias Element = DomainEvent<Payload>

  let stream: AsyncThrowingStream<DomainEvent<Payload>, any Error>

  /// The iterator over the events.
  public func makeAsyncIterator() -> AsyncThrowingStream<DomainEvent<Payload>, any Error>.Iterator {
    stream.makeAsyncIterator()
  }
}
