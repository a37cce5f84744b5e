/// What a list of templates shows of one.
public struct TemplateSummary: Sendable, Equatable {
  /// The template's name.
  public var name: String
  /// Its description; empty when it has none or could not be read.
  public var description: String
  /// The file.
  public var file: String
  /// The parameters that it and its parents declare.
  public var parameters: [TemplateParameter]
  /// What is wrong with it; empty for a good template. A parameter that must be given is no mistake.
  public var problems: [TemplateError]
}
