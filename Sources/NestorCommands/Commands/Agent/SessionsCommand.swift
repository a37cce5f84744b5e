import ArgumentParser
import CommandLineKit
import GuestClient
import GuestProtocol
import NestorCore

struct SessionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps", abstract: "Show what is under way in guests: commands, copies, forwards.",
    discussion: "Each line is a session of a guest's agent; nestor's own, by which it asks, is left out.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var guests: GuestArguments

  func run() async throws {
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(readOnly: true, line: line)
    let results = await Batch.run(guests.names.uniqued()) { name in
      try await hypervisor.guest(name).agent.withSession { session in
        try session.sessions().filter { !$0.isOwn }.map { SessionRow(guest: name, $0) }
      }
    }
    line.end()
    let rows = results.flatMap { (try? $0.outcome.get()) ?? [] }
    Terminal.print(try Renderer(output).text(rows))
    try GuestArguments.report(results.map(\.withoutValue), names: false)
  }
}
