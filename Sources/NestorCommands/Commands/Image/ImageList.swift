import ArgumentParser
import CommandLineKit
import NestorCore
import NestorImages

extension ImageCommand {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the images, and how many guests need each.", aliases: ["ls"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let images = try ImageStore(.fromEnvironment()).list()
      // Images are there without libvirt, too.
      let hypervisor = try? await connection.hypervisor(readOnly: true)
      let users = try? await hypervisor?.guestsByImage(images.map(\.name))
      let rows = images.map { image in ImageRow(image, guests: users.map { $0[image.name] ?? [] }) }
      Terminal.print(try Renderer(output).text(rows))
    }
  }
}
