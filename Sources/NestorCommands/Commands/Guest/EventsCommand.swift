import ArgumentParser
import CommandLineKit
import NestorCore

struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Print what happens to guests, as it happens.",
    discussion: """
      One line an event until interrupted; with --format json one JSON object a line. When libvirtd goes away this says
      so, connects again, and goes on; what happened meanwhile is lost, so look at `nestor list` then.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Option(name: .long, help: "How to print events: table, json or yaml.") var format: OutputFormat = .table
  @Argument(help: "Only of these guests.", completion: .guests) var names: [String] = []

  func run() async throws {
    let wanted = Set(names)
    let format = format
    let watcher = EventWatcher(uri: connection.connect ?? Hypervisor.defaultURI) { ErrorReport.warn($0) }
    try await watcher.run { event in
      guard wanted.isEmpty || wanted.contains(event.guest) else { return }
      switch format {
      case .table: Terminal.print("\(event.time)  \(event.guest)  \(event.event)  \(event.detail)\n")
      case .json: Terminal.print((try? Renderer.jsonLine(event)) ?? "")
      case .yaml: Terminal.print("---\n" + ((try? Renderer.yamlDocument(event)) ?? ""))
      }
    }
  }
}
