import CommandLineKit
import Templates

/// A template as a row.
struct TemplateRow: TableRow {
  static let columns = ["NAME", "DESCRIPTION", "PARAMETERS", "FILE"]

  let name: String
  let description: String
  let parameters: [String]
  let file: String
  let problems: [String]

  init(_ summary: TemplateSummary) {
    name = summary.name
    description = summary.description
    parameters = summary.parameters.map(\.name)
    file = summary.file
    problems = summary.problems.map(\.description)
  }

  var cells: [String] { [name, description, parameters.joined(separator: ","), file] }
}
