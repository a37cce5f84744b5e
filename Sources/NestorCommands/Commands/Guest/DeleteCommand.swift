import ArgumentParser
import NestorCore

struct DeleteCommand: GuestsCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete guests with what nestor made for them.",
    discussion: """
      Definition, disks, snapshots and logs go; images, templates and networks stay. Of a guest that nestor did not make
      only libvirt's definition goes, and its disks stay. This can be run again if it was interrupted.
      """, aliases: ["rm"])

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments
  @Flag(name: .shortAndLong, help: "Delete guests that are running, too.") var force = false

  func run(_ guest: Guest) async throws { try await guest.delete(force: force) }
}
