import ArgumentParser
import CommandLineKit
import NestorCore

struct ListCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all guests.",
    discussion: """
      Guests that nestor did not make are among them; they have no template. A guest that a killed nestor left half made
      or half deleted shows as incomplete or deleting: see `nestor gc`.
      """, aliases: ["ls"])
  static let isReadOnly = true

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @Flag(name: .long, help: "Running guests only.") var running = false

  func run(_ hypervisor: Hypervisor) async throws -> String {
    let guests = try await hypervisor.list().filter { !running || $0.status.isActive }
    await hypervisor.warnOfCopiedGuests()
    return try Renderer(output).text(guests)
  }
}
