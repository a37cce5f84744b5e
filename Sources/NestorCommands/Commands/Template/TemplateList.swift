import ArgumentParser
import CommandLineKit
import Templates

extension TemplateCommand {
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
}
