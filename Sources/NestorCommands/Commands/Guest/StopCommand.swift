import ArgumentParser
import CommandLineKit
import NestorCore

struct StopCommand: GuestsCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Shut guests down and wait until they are off.",
    discussion: """
      Each is asked by ACPI, as if somebody pressed its power button, and asked again while it does not react. One that
      is still on when the time is over runs on, and the exit status is 124.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments
  @Flag(name: .shortAndLong, help: "Pull the plug at once: the guest cannot save anything.") var force = false
  @Option(name: .long, help: "How long a guest may take, in seconds.", transform: TimeLimit.duration)
  var timeout = Duration.seconds(90)

  func run(_ guest: Guest) async throws { try await guest.stop(StopOptions(force: force, timeout: timeout)) }
}
