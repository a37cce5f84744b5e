import ArgumentParser
import CommandLineKit
import NestorCore

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let suspended guests run on.",
    discussion: """
      The clock of the guest stood still meanwhile.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments

  func run() async throws {
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(line: line)
    try await guests.forEach(of: hypervisor) { try await $0.resume() }
  }
}
