/// A parameter that a template declares.
public struct TemplateParameter: Sendable, Equatable {
  /// Its name, as in `-P name=value` and `${name}`.
  public var name: String
  /// The type of its values.
  public var type: ParameterType
  /// What it is for.
  public var description: String
  /// The default as text; `nil` when it has none.
  public var defaultText: String?
  /// The words of a `choice`; empty for other types.
  public var choices: [String]
  /// The least value of an `integer` or a `size`, as text.
  public var minimum: String?
  /// The greatest value of an `integer` or a `size`, as text.
  public var maximum: String?
  /// Whether a value must be given.
  public var isRequired: Bool
  /// Where it is declared.
  public var location: SourceLocation
}
