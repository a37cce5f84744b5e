import ArgumentParser

/// How results are written.
public enum OutputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
  /// Columns for people.
  case table
  /// JSON for programs.
  case json
  /// YAML for both.
  case yaml
}
