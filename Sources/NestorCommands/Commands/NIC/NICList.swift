import ArgumentParser
import CommandLineKit
import NestorCore

extension NICCommand {
  struct List: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List a guest's network cards.", aliases: ["ls"])
    static let isReadOnly = true

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try Renderer(output).text(try await hypervisor.guest(guest).nics.list())
    }
  }
}
