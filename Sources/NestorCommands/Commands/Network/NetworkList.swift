import ArgumentParser
import CommandLineKit
import NestorCore

extension NetworkCommand {
  struct List: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List all networks.", aliases: ["ls"])
    static let isReadOnly = true

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try Renderer(output).text(try await hypervisor.networks())
    }
  }
}
