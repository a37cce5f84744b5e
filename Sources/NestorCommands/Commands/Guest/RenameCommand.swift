import ArgumentParser
import NestorCore
import Templates

struct RenameCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give a guest another name.",
    discussion: """
      The guest is off. Its snapshots, addresses and files stay; its host name follows at its next start, unless its user
      data or somebody inside has set another. Memory that a snapshot holds has the old host name still.

        nestor rename web www
      """)
  static let interruption = InterruptionPolicy.finishes

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var guest: String
  @Argument(help: "Its new name.") var name: String

  func check() throws { _ = try GuestName(argument: name) }

  func run(_ hypervisor: Hypervisor) async throws -> String {
    let name = try GuestName(argument: name)
    try await hypervisor.rename(guest, to: name)
    return [name.text].lines
  }
}
