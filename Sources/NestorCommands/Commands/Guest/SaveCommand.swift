import ArgumentParser
import NestorCore

struct SaveCommand: GuestsCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Save guests' memory to disk and stop them.",
    discussion: """
      `nestor start` wakes them where they were (libvirt's managed save). Ctrl-C ends a save: the guest runs on.
      """)
  static let interruption = InterruptionPolicy.cancels

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments

  func run(_ guest: Guest) async throws { try await guest.save() }
}
