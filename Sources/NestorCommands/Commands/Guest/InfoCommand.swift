import ArgumentParser
import CommandLineKit
import NestorCore

struct InfoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show what is known of guests.",
    discussion: "State and reason, CPUs, memory, disks, NICs with addresses, template and parameters, files.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var guests: GuestArguments

  func run() async throws {
    let hypervisor = try await connection.hypervisor(readOnly: true)
    let results = await Batch.run(guests.names.uniqued()) { try await hypervisor.guest($0).info() }
    let found = results.compactMap { try? $0.outcome.get() }
    if output.format == .table {
      for (index, info) in found.enumerated() {
        Terminal.print((index > 0 ? "\n" : "") + (try Renderer(output).text(one: info)))
      }
    } else {
      // One guest is an object, several are an array, so that a script that names one need not unpack it.
      let isOne = guests.names.count == 1
      if !isOne { Terminal.print(try Renderer(output).text(found)) }
      if isOne, let info = found.first { Terminal.print(try Renderer(output).text(one: info)) }
    }
    try GuestArguments.report(results.map(\.withoutValue), names: false)
  }
}
