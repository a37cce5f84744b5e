import ArgumentParser
import CommandLineKit
import NestorCore

struct SSHConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ssh-config", abstract: "Print settings with which ssh, scp and rsync reach guests by name.",
    discussion: """
      nestor ssh-config >~/.ssh/nestor, then `Include nestor` at the top of ~/.ssh/config; from then on `ssh nestor/web`
      works without a network in the guest. Without a name, all guests of Nestor's are in it.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guests' names.", completion: .guests) var names: [String] = []

  func run() async throws {
    let hypervisor = try await connection.hypervisor(readOnly: true)
    var names = names.uniqued()
    if names.isEmpty { names = try await hypervisor.list().filter { $0.template != nil }.map(\.name) }
    for name in names {
      let settings = try await SSHSettings(hypervisor.guest(name), connect: connection.connect)
      Terminal.print(settings.text)
    }
  }
}
