/// A key without its Swift type.
struct KeyDescription: Sendable {
  var name: String
  var type: ValueType
  /// The default as it would be written in a template; null where a missing key means "none".
  var fallback: JSONValue
  var documentation: String
}
