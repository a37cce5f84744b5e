/// Events of one kind of all domains or of one, see ``EventSequence`` for how they wait and end.
public typealias DomainEventStream<Payload: Sendable> = EventSequence<DomainEvent<Payload>>
