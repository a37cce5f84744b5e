import ArgumentParser
import CommandLineKit
import NestorCore

struct CreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make guests from a template without starting them.",
    discussion: """
      With --print-xml nothing is made: the XML that libvirt would get is printed, and no connection is needed.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var options: TemplateOptions
  @Flag(name: .long, help: "Print the domain XML and make nothing.") var printXML = false

  func run() async throws {
    let (plans, host) = try await options.plans()
    if printXML {
      for plan in plans { Terminal.print(try plan.xml) }
      return
    }
    options.warn(of: plans, host)
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(line: line)
    let byName = Dictionary(plans.map { ($0.name, $0) }) { first, _ in first }
    let results = await Batch.run(plans.map(\.name)) { name in
      guard let plan = byName[name] else { return }
      if try await hypervisor.create(plan) == .alreadyThere {
        line.clear()
        Terminal.note("guest '\(name)' is there already, made in the same way")
      }
    }
    line.end()
    try BatchFailure.reporting { try results.names() }
  }
}
