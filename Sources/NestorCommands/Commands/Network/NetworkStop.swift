import ArgumentParser
import NestorCore

extension NetworkCommand {
  struct Stop: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "stop", abstract: "Stop networks.",
      discussion: "A network that was stopped is started again with libvirt, or with the next guest that needs it.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The networks' names.", completion: .networks) var names: [String]
    @Flag(name: .shortAndLong, help: "Stop those on which guests run, too: they lose it until they are restarted.")
    var force = false

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try await Batch.run(names.uniqued()) { name in try await hypervisor.stopNetwork(name, force: force) }.names()
    }
  }
}
