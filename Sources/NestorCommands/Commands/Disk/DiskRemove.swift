import ArgumentParser
import NestorCore

extension DiskCommand {
  struct Remove: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Remove a disk from a guest, with the file that nestor made for it.",
      aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The disk's name, such as vdb.") var disk: String
    @Flag(name: .customLong("keep-file"), help: "The file stays, until the guest is deleted.") var keepFile = false

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try await hypervisor.guest(guest).disks.remove(disk, keepingFile: keepFile)
      return disk + "\n"
    }
  }
}
