/// The keys that a map may have.
struct KeyTable: Sendable {
  /// What the map describes: "a disk".
  var subject: String
  var keys: [KeyDescription]
  /// Keys that people try and that are refused, each with the reason and the way out.
  var refused: [String: (message: String, hint: String)]
  /// Checks that need several keys at once.
  var check: @Sendable (CheckedMap) -> [TemplateError]
  private var index: [String: Int]

  init(
    _ subject: String, _ keys: [KeyDescription], refused: [String: (message: String, hint: String)] = [:],
    check: @escaping @Sendable (CheckedMap) -> [TemplateError] = { _ in [] }
  ) {
    self.subject = subject
    self.keys = keys
    self.refused = refused
    self.check = check
    index = Dictionary(keys.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// The key of this name.
  subscript(name: String) -> KeyDescription? {
    index[name].map { keys[$0] }
  }

  /// The default of the whole map: each key with its own default.
  var fallback: JSONValue {
    .object(keys.map { JSONValue.Member($0.name, $0.fallback) })
  }
}
