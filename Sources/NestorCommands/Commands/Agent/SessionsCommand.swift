import ArgumentParser
import CommandLineKit
import GuestClient
import GuestProtocol
import NestorCore

struct SessionsCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps", abstract: "Show what is under way in guests: commands, copies, forwards.",
    discussion: "Each line is a session of a guest's agent; nestor's own, by which it asks, is left out.")

  static let isReadOnly = true

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var guests: GuestArguments

  func run(_ hypervisor: Hypervisor) async throws -> String {
    try await Batch.run(guests.names.uniqued()) { name in
      try await hypervisor.guest(name).agent.withSession { session in
        try session.sessions().filter { !$0.isOwn }.map { SessionRow(guest: name, $0) }
      }
    }.text { try Renderer(output).text($0.flatMap(\.value)) }
  }
}
