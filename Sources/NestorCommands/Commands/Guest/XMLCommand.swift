import ArgumentParser
import NestorCore

struct XMLCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "xml", abstract: "Print a guest's domain XML.",
    discussion: """
      --diff shows what libvirt made of the XML that Nestor would write today for the same template and parameters:
      lines with - are Nestor's, lines with + are libvirt's.
      """)
  static let isReadOnly = true

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var name: String
  @Flag(name: .long, help: "The XML of the next start, not of now.") var inactive = false
  @Flag(name: .long, help: "Show what libvirt changed.") var diff = false

  func run(_ hypervisor: Hypervisor) async throws -> String {
    let guest = try await hypervisor.guest(name)
    guard diff else { return try await guest.xml(inactive: inactive) }
    let host = await HostCapabilities.current(.fromEnvironment())
    return try await guest.xmlDifference(Planner(state: .fromEnvironment(), host: host))
  }
}
