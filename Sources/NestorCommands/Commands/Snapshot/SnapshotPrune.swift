import ArgumentParser
import NestorCore

extension SnapshotCommand {
  struct Prune: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune", abstract: "Forget the oldest moments of a guest.",
      discussion: """
        With both options only what is beyond the newest N and older than the age goes.

          nestor snapshot prune web --keep 5
          nestor snapshot prune web --older-than 7d
        """)
    static let interruption = InterruptionPolicy.cancels

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Option(name: .long, help: "How many of the newest stay.") var keep: Int?
    @Option(
      name: .long, help: "How old those are that go: a number with s, m, h, d or w.", transform: Age.duration)
    var olderThan: Duration?
    @Flag(name: .long, help: "Only say what would go.") var dryRun = false

    func validate() throws {
      if keep == nil, olderThan == nil { throw ValidationError("--keep or --older-than says which ones go.") }
      if let keep, keep < 0 { throw ValidationError("--keep is a number from 0.") }
    }

    func run(_ hypervisor: Hypervisor) async throws -> String {
      let snapshots = try await hypervisor.guest(guest).snapshots
      return try await snapshots.prune(keep: keep, olderThan: olderThan, dryRun: dryRun).lines
    }
  }
}
