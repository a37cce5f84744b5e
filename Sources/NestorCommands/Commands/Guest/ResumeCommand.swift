import ArgumentParser
import NestorCore

struct ResumeCommand: GuestsCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let suspended guests run on.",
    discussion: """
      The clock of the guest stood still meanwhile.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments

  func run(_ guest: Guest) async throws { try await guest.resume() }
}
