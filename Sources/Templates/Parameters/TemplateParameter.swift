/// A parameter that a template declares.
package struct TemplateParameter: Sendable, Equatable {
  /// Its name, as in `-P name=value` and `${name}`.
  package var name: String
  /// The type of its values.
  package var type: ParameterType
  package var description: String
  /// The default as text; `nil` when it has none.
  package var defaultText: String?
  /// The words of a `choice`; empty for other types.
  package var choices: [String]
  /// The least value of an `integer` or a `size`, as text.
  package var minimum: String?
  /// The greatest value of an `integer` or a `size`, as text.
  package var maximum: String?
  /// Whether a value must be given.
  package var isRequired: Bool
  /// Where it is declared.
  package var location: SourceLocation
}
