import ArgumentParser
import CommandLineKit
import NestorCore

struct SuspendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Let guests stand still, in memory.",
    discussion: """
      The CPUs stop; memory, disks and connections stay as they are until `nestor resume`.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments

  func run() async throws {
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(line: line)
    try await guests.forEach(of: hypervisor) { try await $0.suspend() }
  }
}
