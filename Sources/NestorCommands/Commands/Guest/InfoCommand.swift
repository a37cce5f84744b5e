import ArgumentParser
import CommandLineKit
import NestorCore

struct InfoCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show what is known of guests.",
    discussion: "State and reason, CPUs, memory, disks, NICs with addresses, template and parameters, files.")

  static let isReadOnly = true

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var guests: GuestArguments

  func run(_ hypervisor: Hypervisor) async throws -> String {
    try await Batch.run(guests.names.uniqued()) { try await hypervisor.guest($0).info() }.text { found in
      let renderer = Renderer(output)
      if output.format == .table, !output.quiet {
        return try found.map { try renderer.text(one: $0.value) }.joined(separator: "\n")
      }
      // One guest is an object, several are an array, so that a script that names one need not unpack it.
      guard guests.names.count == 1 else { return try renderer.text(found.map(\.value)) }
      return try found.first.map { try renderer.text(one: $0.value) } ?? ""
    }
  }
}
