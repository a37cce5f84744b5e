/// A template that has been read together with all that it extends, ready to be filled in any number of times.
package struct Template: Sendable {
  /// The template's name.
  package let name: String
  /// The file it was read from.
  package let file: String
  /// All files that took part, the bottom one first, ``file`` last.
  package let files: [String]
  /// The parameters that it and its parents declare, in the order in which they are declared.
  package var parameters: [TemplateParameter] { declarations.declared }

  private let document: LocatedNode
  private let declarations: ParameterSet
  /// What is wrong with the declarations, and their places.
  private let declarationChecker: Checker
  /// Where mistakes in the choice of parameters are told.
  private let parameterPlace: SourceLocation

  init(_ source: TemplateSource, in library: TemplateLibrary) throws(TemplateErrors) {
    let inheritance = try Inheritance(of: source, in: library)
    name = source.name
    file = source.file
    files = inheritance.layers.map(\.file)
    var merged = inheritance.merged
    let parameterEntry = merged["parameters"]
    parameterPlace = parameterEntry?.keyLocation ?? SourceLocation(file: source.file)
    var checker = Checker(scalars: .literal)
    declarations = ParameterSet(parameterEntry?.value, checker: &checker)
    declarationChecker = checker
    if case .mapping(let entries) = merged.content {
      merged.content = .mapping(entries.filter { $0.key != "parameters" })
    }
    document = merged
  }

  /// Fills in parameters and checks everything.
  ///
  /// - Parameter given: values by name, as `-P name=value` gives them.
  /// - Throws: ``TemplateErrors`` with all mistakes that were found.
  package func resolve(parameters given: [String: String] = [:]) throws(TemplateErrors) -> ResolvedTemplate {
    let result = examine(parameters: given, toleratesMissing: false)
    guard result.problems.isEmpty else { throw TemplateErrors(result.problems) }
    return result.resolved
  }

  /// Fills in and checks, and gives back whatever came out with all problems.
  func examine(
    parameters given: [String: String], toleratesMissing: Bool
  ) -> (resolved: ResolvedTemplate, problems: [TemplateError]) {
    var parameters = declarations
    parameters.give(given, template: parameterPlace)
    var checker = Checker(scalars: ScalarReader(parameters: parameters.values, folder: nil))
    checker.problems = declarationChecker.problems + parameters.problems
    checker.locations = declarationChecker.locations
    if !toleratesMissing { checker.problems += parameters.missing }
    let map = checker.checkMap(document, table: TemplateKeys.table, path: "") ?? .empty
    let resolved = ResolvedTemplate(
      name: name, file: file, template: GuestKeys.build(map), declaredParameters: parameters.declared,
      parameters: parameters.texts, files: files, locations: checker.locations)
    return (resolved, checker.problems)
  }
}
