import ArgumentParser
import NestorCore

extension SnapshotCommand {
  struct Revert: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "revert", abstract: "Take a guest back to a moment, or several to one.",
      discussion: """
        What happened since is lost, unless another snapshot holds it, and so are disks that were added since. A guest
        that ran when the snapshot was taken goes on from there; without its memory it is off then, and --running boots it.
        """, aliases: ["restore"])
    static let interruption = InterruptionPolicy.finishes

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var target: Target
    @OptionGroup var others: Others
    @Flag(help: "Let it run, also where it was off or stood still at that moment.") var running = false
    @Flag(help: "Let it stand still; nestor resume lets it run on.") var paused = false

    func validate() throws {
      if running, paused { throw ValidationError("--running and --paused exclude each other.") }
    }

    func run(_ hypervisor: Hypervisor) async throws -> String {
      let names = others.joined(target.guest)
      try await hypervisor.revert(
        try await hypervisor.guests(names), to: target.snapshot, running ? .running : paused ? .paused : .fromSnapshot)
      return names.lines
    }
  }
}
