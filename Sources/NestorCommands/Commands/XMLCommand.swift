import ArgumentParser
import CommandLineKit
import NestorCore

struct XMLCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xml", abstract: "Print a guest's domain XML.",
    discussion: """
      --diff shows what libvirt made of the XML that Nestor would write today for the same template and parameters:
      lines with - are Nestor's, lines with + are libvirt's.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var name: String
  @Flag(name: .long, help: "The XML of the next start, not of now.") var inactive = false
  @Flag(name: .long, help: "Show what libvirt changed.") var diff = false

  func run() async throws {
    let guest = try await connection.hypervisor(readOnly: true).guest(name)
    if diff {
      let host = await HostCapabilities.current(.fromEnvironment())
      let planner = Planner(state: .fromEnvironment(), host: host)
      Terminal.print(try await guest.xmlDifference(planner))
    } else {
      Terminal.print(try await guest.xml(inactive: inactive))
    }
  }
}
