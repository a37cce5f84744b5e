/// What a list of templates shows of one.
package struct TemplateSummary: Sendable, Equatable {
  /// The template's name.
  package var name: String
  /// Its description; empty when it has none or could not be read.
  package var description: String
  package var file: String
  /// The parameters that it and its parents declare.
  package var parameters: [TemplateParameter]
  /// What is wrong with it; empty for a good template. A parameter that must be given is no mistake.
  package var problems: [TemplateError]
}
