/// What a scenario found to be otherwise than it has to be.
package struct ScenarioFailure: Error, CustomStringConvertible {
  /// What was found.
  package let description: String
}

/// Throws with what was found, unless a condition holds.
func expect(_ condition: Bool, _ found: @autoclosure () -> String, line: Int = #line) throws {
  guard condition else { throw ScenarioFailure(description: "line \(line): \(found())") }
}
