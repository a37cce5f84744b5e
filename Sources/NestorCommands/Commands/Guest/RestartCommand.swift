import ArgumentParser
import CommandLineKit
import NestorCore

struct RestartCommand: GuestsCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart", abstract: "Stop guests and start them again.",
    discussion: """
      Unlike a reboot from inside, this makes a new QEMU process with the guest's newest settings.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments
  @Flag(name: .shortAndLong, help: "Pull the plug instead of asking.") var force = false
  @Option(name: .long, help: "How long a guest may take to shut down, in seconds.", transform: TimeLimit.duration)
  var timeout = Duration.seconds(90)

  func run(_ guest: Guest) async throws { try await guest.restart(StopOptions(force: force, timeout: timeout)) }
}
