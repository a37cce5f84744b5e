import ArgumentParser
import NestorCore

struct SyncClockCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync-clock", abstract: "Set guests' clocks to this machine's.",
    discussion: """
      Nestor does that itself for guests that it wakes, takes back to a snapshot or clones, and a guest's agent where
      somebody else let the guest stand still; this is for clocks that were set by hand. The guest's agent does it.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guests' names.", completion: .guests)
  var names: [String] = []
  @Flag(name: .long, help: "All running guests that have an agent.") var all = false

  func validate() throws {
    guard names.isEmpty == all else { throw ValidationError("name guests, or give --all") }
  }

  func run(_ hypervisor: Hypervisor) async throws -> String {
    let names = all ? try await hypervisor.guestsWithClock() : names.uniqued()
    return try await Batch.run(names) { try await hypervisor.guest($0).agent.setClock() }.names()
  }
}
