/// What a text must look like.
///
/// The pattern is for the JSON Schema; the closure decides. A test holds the two together.
struct TextRule: Sendable {
  /// What a text should be, to follow "expected": "a MAC address such as 52:54:00:12:34:56".
  var expectation: String
  /// The rule as an ECMA-262 regular expression; `nil` where none says it well.
  var pattern: String?
  /// The same rule in code; returns what is wrong, or `nil` when the text is good.
  var problem: @Sendable (String) -> String?
  /// Whether the text may have several lines.
  var allowsLines = false

  init(
    _ expectation: String, pattern: String? = nil, allowsLines: Bool = false,
    accepts: @escaping @Sendable (String) -> Bool
  ) {
    self.expectation = expectation
    self.pattern = pattern
    self.allowsLines = allowsLines
    problem = { accepts($0) ? nil : "\($0.quoted) is not \(expectation)" }
  }

  /// The rule, with some of its texts refused for a reason of their own.
  func refusing(_ reason: @escaping @Sendable (String) -> String?) -> TextRule {
    var rule = self
    rule.problem = { reason($0) ?? problem($0) }
    return rule
  }

  /// Any single line.
  static let line = TextRule("a text") { _ in true }
  /// Any text.
  static let lines = TextRule("a text", allowsLines: true) { _ in true }
}
