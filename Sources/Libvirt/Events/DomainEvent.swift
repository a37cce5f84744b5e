/// Something that happened to a domain.
public struct DomainEvent<Payload: Sendable>: Sendable {
  /// The domain's name.
  public let domainName: String
  /// The domain's UUID.
  public let domainUUID: String
  /// What happened.
  public let payload: Payload
}

extension DomainEvent: Equatable where Payload: Equatable {}
