/// A template that has been read together with all that it extends, ready to be filled in any number of times.
public struct Template: Sendable {
  /// The template's name.
  public let name: String
  /// The file it was read from.
  public let file: String
  /// All files that took part, the bottom one first, ``file`` last.
  public let files: [String]
  private let document: LocatedNode
  private let parameterNode: LocatedNode.Entry?

  init(_ source: TemplateSource, in library: TemplateLibrary) throws(TemplateErrors) {
    let inheritance = try Inheritance(of: source, in: library)
    name = source.name
    file = source.file
    files = inheritance.layers.map(\.file)
    var merged = inheritance.merged
    parameterNode = merged["parameters"]
    if case .mapping(let entries) = merged.content {
      merged.content = .mapping(entries.filter { $0.key != "parameters" })
    }
    document = merged
  }

  /// Fills in parameters and checks everything.
  ///
  /// - Parameter given: values by name, as `-P name=value` gives them.
  /// - Throws: ``TemplateErrors`` with all mistakes that were found.
  public func resolve(parameters given: [String: String] = [:]) throws(TemplateErrors) -> ResolvedTemplate {
    let result = examine(parameters: given, toleratesMissing: false)
    guard result.problems.isEmpty else { throw TemplateErrors(result.problems) }
    return result.resolved
  }

  /// Fills in and checks, and gives back whatever came out with all problems.
  func examine(
    parameters given: [String: String], toleratesMissing: Bool
  ) -> (resolved: ResolvedTemplate, problems: [TemplateError]) {
    var declarations = Checker(scalars: .literal)
    var parameters = ParameterSet(parameterNode?.value, checker: &declarations)
    parameters.give(given, template: parameterNode?.keyLocation ?? SourceLocation(file: file))
    var checker = Checker(scalars: ScalarReader(parameters: parameters.values, folder: nil))
    checker.problems = declarations.problems + parameters.problems
    if !toleratesMissing { checker.problems += parameters.missing }
    checker.locations = declarations.locations
    let map = checker.checkMap(document, table: TemplateKeys.table, path: "") ?? .empty
    let resolved = ResolvedTemplate(
      name: name, file: file, template: GuestKeys.build(map), declaredParameters: parameters.declared,
      parameters: parameters.texts, files: files, locations: checker.locations)
    return (resolved, checker.problems)
  }
}
