import ArgumentParser
import NestorCore

struct SuspendCommand: GuestsCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Let guests stand still, in memory.",
    discussion: """
      The CPUs stop; memory, disks and connections stay as they are until `nestor resume`.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments

  func run(_ guest: Guest) async throws { try await guest.suspend() }
}
