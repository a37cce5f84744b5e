import ArgumentParser
import CommandLineKit
import NestorCore

struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Keep moments of a guest and go back to them.",
    discussion: """
      A snapshot of a running guest holds its memory, its disks and its settings together, inside its qcow2 disks.
      """,
    subcommands: [Create.self, List.self, Revert.self, Delete.self], aliases: ["snap"])

  /// A guest's name, and the snapshot's.
  struct Target: ParsableArguments {
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The snapshot's name.", completion: .snapshots) var snapshot: String
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Keep this moment of a guest.",
      discussion: "The guest stands still while its memory is written, a fraction of a second for a small one.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The snapshot's name (default: the time, as 20260131-235959).") var snapshot: String?
    @Option(name: .long, help: "A line about this moment.") var description: String?

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let orchestrator = try await connection.orchestrator(line: line)
      let name = try await orchestrator.createSnapshot(of: guest, named: snapshot, description: description)
      line.end()
      Terminal.print(name + "\n")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List a guest's snapshots, oldest first.", aliases: ["ls"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String

    func run() async throws {
      let orchestrator = try await connection.orchestrator(readOnly: true)
      Terminal.print(try Renderer(output).text(try await orchestrator.snapshots(of: guest)))
    }
  }

  struct Revert: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revert", abstract: "Take a guest back to a moment.",
      discussion: """
        What happened since is lost, unless another snapshot holds it. A guest that ran at that moment runs on from there.
        """, aliases: ["restore"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var target: Target

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let orchestrator = try await connection.orchestrator(line: line)
      try await orchestrator.revert(target.guest, to: target.snapshot)
      line.end()
      Terminal.print(target.guest + "\n")
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Forget a moment of a guest.",
      discussion: "The guest stays as it is, and so do its other snapshots.", aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var target: Target

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let orchestrator = try await connection.orchestrator(line: line)
      try await orchestrator.deleteSnapshot(target.snapshot, of: target.guest)
      line.end()
      Terminal.print(target.snapshot + "\n")
    }
  }
}

extension SnapshotSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["NAME", "CREATED", "STATE", "PARENT", "CURRENT", "DESCRIPTION"] }

  /// The row.
  public var cells: [String] { [name, created, state, parent ?? "-", isCurrent ? "yes" : "", description ?? ""] }
}
