import ArgumentParser
import NestorCore

extension NICCommand {
  struct Remove: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Remove a network card from a guest.", aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The card's MAC address or place in the list.") var nic: String

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try await hypervisor.guest(guest).nics.remove(nic) + "\n"
    }
  }
}
