import ArgumentParser
import NestorCore

extension NICCommand {
  struct Link: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "link", abstract: "Plug the cable of a network card in or out.")

    /// Where the cable is.
    enum State: String, CaseIterable, ExpressibleByArgument {
      case up, down
    }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The card's MAC address or place in the list.") var nic: String
    @Argument(help: "up or down.") var state: State

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try await hypervisor.guest(guest).nics.setLink(of: nic, up: state == .up)
      return guest + "\n"
    }
  }
}
