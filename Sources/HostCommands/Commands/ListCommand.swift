import ArgumentParser
import CommandLineKit
import HostSetup

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the containers that nestor-host made or prepared.", aliases: ["ls"])

  @OptionGroup var daemon: DaemonOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let line = ProgressLine()
    let rows = try await daemon.provisioner(line).containers().map(ContainerRow.init)
    line.end()
    Terminal.print(try Renderer(output).text(rows))
  }
}

/// A container as a row.
struct ContainerRow: TableRow {
  static var columns: [String] { ["NAME", "STATUS", "PREPARED", "GUESTS", "ADDRESS"] }

  let name: String
  let status: String
  let prepared: String
  let guests: [String]
  let addresses: [String]

  init(_ container: ContainerSummary) {
    name = container.name
    status = container.status
    prepared = container.state
    guests = container.guests
    addresses = container.addresses
  }

  var cells: [String] {
    [
      name, status, prepared, guests.isEmpty ? "-" : guests.joined(separator: " "),
      addresses.isEmpty ? "-" : addresses.joined(separator: " "),
    ]
  }
}
