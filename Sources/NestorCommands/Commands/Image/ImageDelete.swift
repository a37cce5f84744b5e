import ArgumentParser
import NestorCore

extension ImageCommand {
  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete images that no guest uses.", aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The images' names.", completion: .images) var names: [String]

    func run() async throws {
      let hypervisor = try await connection.hypervisor()
      let results = await Batch.run(names.uniqued()) { name in try await hypervisor.deleteImage(name) }
      try BatchFailure.reporting { try results.names() }
    }
  }
}
