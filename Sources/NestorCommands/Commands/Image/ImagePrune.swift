import ArgumentParser
import CommandLineKit
import NestorCore

extension ImageCommand {
  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune", abstract: "Remove partial downloads, and pulled or frozen images that no guest needs.",
      discussion: "Images that were built, imported or created stay, because nothing brings them back.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Flag(name: .long, help: "Only say what would be removed.") var dryRun = false

    func run() async throws {
      let hypervisor = try await connection.hypervisor()
      let found = try await hypervisor.prunableImages()
      Terminal.print(try Renderer(output).text(found))
      guard !dryRun else {
        if !found.isEmpty { Terminal.note("nothing was removed; without --dry-run these \(found.count) are") }
        return
      }
      let byName = Dictionary(found.map { ($0.name, $0) }) { first, _ in first }
      try await Batch.run(found.map(\.name)) { name in
        if let item = byName[name] { try await hypervisor.prune(item) }
      }.report()
    }
  }
}
