/// A device of a domain that came, went, or did not go.
public struct DomainDeviceEvent: Sendable, Hashable {
  /// The device's alias, as in the XML of the domain that runs.
  public let alias: String
}
