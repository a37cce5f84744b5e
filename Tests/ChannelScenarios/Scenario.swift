/// Something that has to come out the same over every transport.
package struct Scenario: Sendable, CustomStringConvertible {
  /// What has to be so.
  package let description: String
  /// Shows it over a channel; throws a ``ScenarioFailure``, or what went wrong on the way.
  package let run: @Sendable (any Channel) throws -> Void

  /// All scenarios, the quick ones first.
  package static let all: [Scenario] = execScenarios + copyScenarios
}
