import ArgumentParser
import CommandLineKit
import NestorCore

extension SnapshotCommand {
  struct Info: HypervisorCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show one snapshot.")
    static let isReadOnly = true

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var target: Target

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try Renderer(output).text(one: try await hypervisor.guest(target.guest).snapshots.info(target.snapshot))
    }
  }
}
