import ArgumentParser
import NestorCore
import Templates

extension TemplateCommand {
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
      let results = await Batch.run(templates.uniqued()) { name in
        do {
          _ = try library.load(name, parameters: values)
        } catch let error as TemplateErrors {
          throw error.nestorError
        }
      }
      try BatchFailure.reporting { try results.names() }
    }
  }
}
