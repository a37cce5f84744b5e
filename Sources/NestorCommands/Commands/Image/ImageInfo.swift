import ArgumentParser
import CommandLineKit
import NestorCore
import NestorImages

extension ImageCommand {
  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show one image.")

    @OptionGroup var output: OutputOptions
    @Argument(help: "The image's name.", completion: .images) var name: String

    func run() async throws {
      let image = try ImageStore(.fromEnvironment()).image(name)
      Terminal.print(try Renderer(output).text(one: ImageDetails(image)))
    }
  }
}
