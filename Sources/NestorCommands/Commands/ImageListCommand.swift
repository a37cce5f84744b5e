import ArgumentParser
import CommandLineKit
import NestorCore

extension ImageCommand {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the images.", aliases: ["ls"])

    @OptionGroup var output: OutputOptions

    func run() async throws {
      let images = try ImageStore(.fromEnvironment()).list().map(ImageRow.init)
      Terminal.print(try Renderer(output).text(images))
    }
  }
}
