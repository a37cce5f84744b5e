import ArgumentParser

/// How results are written.
package enum OutputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
  /// Columns for people.
  case table
  /// JSON for programs.
  case json
  /// YAML for both.
  case yaml
}
