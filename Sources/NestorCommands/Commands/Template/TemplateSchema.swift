import ArgumentParser
import CommandLineKit
import Templates

extension TemplateCommand {
  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "schema", abstract: "Print the JSON Schema of template files, for editors.")

    func run() throws {
      Terminal.print(TemplateSchema.json())
    }
  }
}
