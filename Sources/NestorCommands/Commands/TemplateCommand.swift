import ArgumentParser
import CommandLineKit
import NestorCore
import NestorSupport
import Templates

struct TemplateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Look at the templates that guests are made from.",
    discussion: """
      They are looked for in ~/.config/nestor/domains, in /etc/nestor/domains and in the domains folder beside the
      program, in this order; the first of a name wins. base.yaml names and explains every key.
      """,
    subcommands: [List.self, Check.self, Schema.self], aliases: ["templates"])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the templates.", aliases: ["ls"])

    @OptionGroup var output: OutputOptions

    func run() async throws {
      let rows = TemplateFolders.library().list().map(TemplateRow.init)
      Terminal.print(try Renderer(output).text(rows))
      for row in rows { for problem in row.problems { ErrorReport.warn(problem) } }
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Check templates and show every mistake.",
      discussion: "Parameters without a default need a value with -P.")

    @Argument(help: "Names or paths.", completion: .templates) var templates: [String]
    @Option(name: [.customShort("P"), .customLong("parameter")], help: "A parameter, as NAME=VALUE.")
    var parameters: [String] = []

    func run() async throws {
      let values = try TemplateOptions.values(of: parameters)
      let library = TemplateFolders.library()
      try GuestArguments.report(
        await Batch.run(templates.uniqued()) { name in
          do {
            _ = try library.load(name, parameters: values)
          } catch let error as TemplateErrors {
            throw error.nestorError
          }
        })
    }
  }

  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "schema", abstract: "Print the JSON Schema of template files, for editors.")

    func run() throws {
      Terminal.print(TemplateSchema.json())
    }
  }
}

/// A template as a row.
private struct TemplateRow: TableRow {
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
