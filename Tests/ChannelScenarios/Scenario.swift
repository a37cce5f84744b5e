/// Something that has to come out the same over every transport.
public struct Scenario: Sendable, CustomStringConvertible {
  /// What has to be so.
  public let description: String
  /// Shows it over a channel; throws a ``ScenarioFailure``, or what went wrong on the way.
  public let run: @Sendable (any Channel) throws -> Void

  /// All scenarios, the quick ones first.
  public static let all: [Scenario] = execScenarios + copyScenarios
}
