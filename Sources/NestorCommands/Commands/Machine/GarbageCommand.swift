import ArgumentParser
import CommandLineKit
import NestorCore

struct GarbageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Remove what interrupted programs left behind.",
    discussion: """
      Half made and half deleted guests, files of guests that libvirt does not know, disks that no guest and no snapshot
      has any more, addresses that networks keep for guests that are gone, images that were being made, locks of programs
      that are gone. Without --yes it only says what it would remove. What another nestor works on right now is left
      alone, and so is everything that nestor did not make.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @Flag(name: .long, help: "Remove what was found.") var yes = false
  @Flag(name: .long, help: "Only say what would be removed (the default).") var dryRun = false

  func validate() throws {
    if yes && dryRun { throw ValidationError("--yes and --dry-run do not go together") }
  }

  func run() async throws {
    let collector = GarbageCollector(try await connection.hypervisor())
    let found = try await collector.find()
    Terminal.print(try Renderer(output).text(found))
    guard yes else {
      if !found.isEmpty { Terminal.note("nothing was removed; nestor gc --yes removes these \(found.count)") }
      return
    }
    let byName = Dictionary(found.map { ($0.name, $0) }) { first, _ in first }
    try await Batch.run(found.map(\.name)) { name in
      if let leftover = byName[name] { try await collector.remove(leftover) }
    }.report()
  }
}
