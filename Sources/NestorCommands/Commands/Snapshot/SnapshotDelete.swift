import ArgumentParser
import NestorCore

extension SnapshotCommand {
  struct Delete: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete a snapshot of a guest.",
      discussion:
        "The guest stays as it is, and so do its other snapshots; a disk that nothing else has goes with its file.",
      aliases: ["rm"])
    static let interruption = InterruptionPolicy.cancels

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var target: Target
    @Flag(help: "Delete the snapshots that were taken after it, too.") var children = false

    func run(_ hypervisor: Hypervisor) async throws -> String {
      let snapshots = try await hypervisor.guest(target.guest).snapshots
      return try await snapshots.delete(target.snapshot, children: children).lines
    }
  }
}
