/// Events of one kind, as they come, of all domains or of one.
///
/// They are kept while nobody takes them, the oldest going once there are ten thousand. The sequence ends by an error
/// when the connection to the daemon goes, and by itself when its task is cancelled or ``Connection/close()`` is called;
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
