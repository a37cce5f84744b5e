import ArgumentParser
import CommandLineKit
import NestorCore
import NestorSupport

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all guests.",
    discussion: """
      Guests that nestor did not make are among them; they have no template. A guest that a killed nestor left half made
      or half deleted shows as incomplete or deleting: see `nestor gc`.
      """, aliases: ["ls"])

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @Flag(name: .long, help: "Running guests only.") var running = false

  func run() async throws {
    let hypervisor = try await connection.hypervisor(readOnly: true)
    let guests = try await hypervisor.list().filter { !running || $0.status.isActive }
    Terminal.print(try Renderer(output).text(guests))
  }
}

extension GuestSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["NAME", "STATUS", "CPUS", "MEMORY", "TEMPLATE"] }

  /// The row.
  public var cells: [String] {
    [name, status.rawValue, "\(cpus)", SizeText.short(memory), template ?? "-"]
  }
}
