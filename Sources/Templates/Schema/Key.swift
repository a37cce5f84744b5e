/// One key of a template: its name, type, default and documentation, and how its value becomes a Swift value.
///
/// Decoding, the JSON Schema and the test of `base.yaml` all read this one description.
struct Key<Value: Sendable>: Sendable {
  var name: String
  var codec: Codec<Value>
  var fallback: Value
  var documentation: String

  init(_ name: String, _ codec: Codec<Value>, default fallback: Value, _ documentation: String) {
    self.name = name
    self.codec = codec
    self.fallback = fallback
    self.documentation = documentation
  }

  /// The key without its Swift type, for a table.
  var description: KeyDescription {
    KeyDescription(
      name: name, type: codec.type, fallback: codec.write(fallback), documentation: documentation)
  }
}
