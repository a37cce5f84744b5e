import ArgumentParser
import CommandLineKit
import NestorCore

extension NetworkCommand {
  struct Info: HypervisorCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show one network.")
    static let isReadOnly = true

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The network's name.", completion: .networks) var name: String

    func run(_ hypervisor: Hypervisor) async throws -> String {
      let info = try await hypervisor.networkInfo(name)
      guard output.format == .table else { return try Renderer(output).text(one: info) }
      return try Renderer(output).text(one: NetworkDetails(info))
    }
  }
}
