/// A node of a YAML document, with its place.
struct LocatedNode: Sendable {
  /// One key of a mapping and its value.
  struct Entry: Sendable {
    var key: String
    var keyLocation: SourceLocation
    var value: LocatedNode
  }

  enum Content: Sendable {
    /// A scalar; `plain` when it was written without quotes, so that `true` or `4` have their own meaning.
    case scalar(String, plain: Bool)
    case sequence([LocatedNode])
    case mapping([Entry])

    /// The text of a scalar as it is written.
    var text: String? {
      guard case .scalar(let text, _) = self else { return nil }
      return text
    }
  }

  var content: Content
  var location: SourceLocation

  /// Whether it is a plain `null`, `~` or nothing at all.
  var isNull: Bool {
    guard case .scalar(let text, plain: true) = content else { return false }
    return ScalarValue.isNull(text)
  }

  /// What it is, for a message such as "expected a list, found …".
  var kindName: String {
    switch content {
    case .scalar(let text, let plain): ScalarValue(text: text, plain: plain).kindName
    case .sequence: "a list"
    case .mapping: "a map"
    }
  }

  /// The value of a key, when this is a mapping that has it.
  subscript(key: String) -> Entry? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }
  }
}
