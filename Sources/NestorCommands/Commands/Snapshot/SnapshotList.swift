import ArgumentParser
import CommandLineKit
import NestorCore

extension SnapshotCommand {
  struct List: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List a guest's snapshots, each behind the one that it was made after.",
      aliases: ["ls"])
    static let isReadOnly = true

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String

    func run(_ hypervisor: Hypervisor) async throws -> String {
      let tree = SnapshotTree(try await hypervisor.guest(guest).snapshots.list())
      return try Renderer(output).text(tree.nodes.map(SnapshotRow.init))
    }
  }
}
