import ArgumentParser
import CommandLineKit
import NestorCore
import NestorSupport
import Templates

struct SetCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change settings of a guest.",
    discussion: """
      What a running guest can take it gets at once: fewer CPUs or more of those that it was started for, less memory or
      more up to what it was started with, by its balloon. The rest waits for its next start, and the output says so.
      """)

  /// Yes or no, as words.
  enum Answer: String, CaseIterable, ExpressibleByArgument {
    case yes, no
  }

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @Argument(help: "The guest's name.", completion: .guests) var guest: String
  @Option(name: .long, help: "How many virtual CPUs it has.") var cpus: Int?
  @Option(name: .long, help: "Its memory, such as 512MiB.") var memory: String?
  @Option(name: .long, help: "Whether it starts with libvirt: yes or no.") var autostart: Answer?
  @Option(name: .long, help: "What it is for, in a line; '' takes it away.") var description: String?

  func validate() throws {
    guard cpus != nil || memory != nil || autostart != nil || description != nil else {
      throw ValidationError("Name what to change: --cpus, --memory, --autostart or --description.")
    }
  }

  private func changes() throws -> GuestChanges {
    GuestChanges(
      cpus: cpus, memory: try memory.map { try ByteSize($0, option: "--memory").bytes },
      autostart: autostart.map { $0 == .yes }, description: description)
  }

  func check() throws { _ = try changes() }

  func run(_ hypervisor: Hypervisor) async throws -> String {
    try Renderer(output).text(try await hypervisor.guest(guest).change(try changes()))
  }
}
