import ArgumentParser
import NestorCore

extension NetworkCommand {
  struct Delete: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete networks that no guest uses.", aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The networks' names.", completion: .networks) var names: [String]
    @Flag(name: .shortAndLong, help: "Delete those that nestor did not make, too.") var force = false

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try await Batch.run(names.uniqued()) { name in try await hypervisor.deleteNetwork(name, force: force) }.names()
    }
  }
}
