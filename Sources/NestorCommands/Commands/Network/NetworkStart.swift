import ArgumentParser
import NestorCore

extension NetworkCommand {
  struct Start: HypervisorCommand {
    static let configuration = CommandConfiguration(commandName: "start", abstract: "Start networks.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The networks' names.", completion: .networks) var names: [String]

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try await Batch.run(names.uniqued()) { name in try await hypervisor.startNetwork(name) }.names()
    }
  }
}
