import ArgumentParser
import CommandLineKit
import NestorCore

extension NetworkCommand {
  struct Leases: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "leases", abstract: "List the addresses that a network gave to guests or keeps for them.")
    static let isReadOnly = true

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The network's name.", completion: .networks) var name: String

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try Renderer(output).text(try await hypervisor.leases(of: name))
    }
  }
}
