import ArgumentParser
import CommandLineKit
import NestorCore

struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Keep moments of a guest and go back to them.",
    discussion: """
      A snapshot of a running guest holds its memory, its disks and its settings together, inside its qcow2 disks.
      """,
    subcommands: [Create.self, List.self, Info.self, Revert.self, Delete.self, Prune.self], aliases: ["snap"])

  /// A guest's name, and the snapshot's.
  struct Target: ParsableArguments {
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The snapshot's name.", completion: .snapshots) var snapshot: String
  }

  /// More guests of which the same is done at the same moment.
  struct Others: ParsableArguments {
    @Option(
      name: .customLong("with"),
      help: ArgumentHelp("Another guest, at the same moment; may be repeated.", valueName: "guest"), completion: .guests
    )
    var names: [String] = []

    /// All guests, each once.
    func joined(_ guest: String) -> [String] { ([guest] + names).uniqued() }
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Keep this moment of a guest, or of several.",
      discussion: """
        The guest stands still while its memory is written, a fraction of a second for a small one. Several are kept at one
        moment: all stand still until the last of them is written.

          nestor snapshot create web before-upgrade
          nestor snapshot create web before-upgrade --with db --with cache

        With --disk-only a running guest goes on meanwhile, and its memory is not kept: going back is like a power cut at
        that moment, or with --quiesce like one right after a sync. Its disks then go on in files of their own. That needs
        libvirt 9.9 or later, and a guest's snapshots are all of one kind. One that is off has nothing but its disks.
        """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The snapshot's name (default: the time, as 20260131-235959).") var snapshot: String?
    @OptionGroup var others: Others
    @Option(name: .long, help: "A line about this moment.") var description: String?
    @Flag(name: .long, help: "Keep the disks without the memory.") var diskOnly = false
    @Flag(name: .long, help: "Have the guest's agent freeze its file systems meanwhile; with --disk-only.")
    var quiesce = false

    func validate() throws {
      if quiesce, !diskOnly { throw ValidationError("--quiesce needs --disk-only: the memory would come back frozen.") }
    }

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let hypervisor = try await connection.hypervisor(line: line)
      let guests = others.joined(guest)
      var request = SnapshotRequest()
      (request.name, request.description) = (snapshot, description)
      (request.isDiskOnly, request.isQuiesced) = (diskOnly, quiesce)
      let name = try await SignalHandling.finishing(line) { [request] in
        try await hypervisor.takeSnapshots(of: try await hypervisor.guests(guests), request)
      }
      line.end()
      Terminal.print(name + "\n")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List a guest's snapshots, each behind the one that it was made after.",
      aliases: ["ls"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String

    func run() async throws {
      let hypervisor = try await connection.hypervisor(readOnly: true)
      let tree = SnapshotTree(try await hypervisor.guest(guest).snapshots.list())
      Terminal.print(try Renderer(output).text(tree.nodes.map(SnapshotRow.init)))
    }
  }

  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show one snapshot.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var target: Target

    func run() async throws {
      let hypervisor = try await connection.hypervisor(readOnly: true)
      let snapshot = try await hypervisor.guest(target.guest).snapshots.info(target.snapshot)
      Terminal.print(try Renderer(output).text(one: snapshot))
    }
  }

  struct Revert: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revert", abstract: "Take a guest back to a moment, or several to one.",
      discussion: """
        What happened since is lost, unless another snapshot holds it. A guest that ran at that moment runs on from there;
        without its memory it is off then, and --running boots it.
        """, aliases: ["restore"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var target: Target
    @OptionGroup var others: Others
    @Flag(help: "Let it run, also where it was off or stood still at that moment.") var running = false
    @Flag(help: "Let it stand still; nestor resume lets it run on.") var paused = false

    func validate() throws {
      if running, paused { throw ValidationError("--running and --paused exclude each other.") }
    }

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let hypervisor = try await connection.hypervisor(line: line)
      let guests = others.joined(target.guest)
      try await SignalHandling.finishing(line) { [target, running, paused] in
        try await hypervisor.revert(
          try await hypervisor.guests(guests), to: target.snapshot,
          running ? .running : paused ? .paused : .fromSnapshot)
      }
      line.end()
      Terminal.print(guests.map { $0 + "\n" }.joined())
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Forget a moment of a guest.",
      discussion: "The guest stays as it is, and so do its other snapshots.", aliases: ["rm"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var target: Target
    @Flag(help: "Forget the snapshots that were made after it, too.") var children = false

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let hypervisor = try await connection.hypervisor(line: line)
      let names = try await SignalHandling.cancelling { [target, children] in
        try await hypervisor.guest(target.guest).snapshots.delete(target.snapshot, children: children)
      }
      line.end()
      Terminal.print(names.map { $0 + "\n" }.joined())
    }
  }

  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune", abstract: "Forget the oldest moments of a guest.",
      discussion: """
        With both options only what is beyond the newest N and older than the age goes.

          nestor snapshot prune web --keep 5
          nestor snapshot prune web --older-than 7d
        """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Option(name: .long, help: "How many of the newest stay.") var keep: Int?
    @Option(
      name: .long, help: "How old those are that go: a number with s, m, h, d or w.", transform: Age.seconds)
    var olderThan: Double?
    @Flag(name: .long, help: "Only say what would go.") var dryRun = false

    func validate() throws {
      if keep == nil, olderThan == nil { throw ValidationError("--keep or --older-than says which ones go.") }
      if let keep, keep < 0 { throw ValidationError("--keep is a number from 0.") }
    }

    func run() async throws {
      let line = ProgressLine()
      defer { line.end() }
      let hypervisor = try await connection.hypervisor(line: line)
      let names = try await SignalHandling.cancelling { [guest, keep, olderThan, dryRun] in
        try await hypervisor.guest(guest).snapshots.prune(keep: keep, olderThan: olderThan, dryRun: dryRun)
      }
      line.end()
      Terminal.print(names.map { $0 + "\n" }.joined())
    }
  }
}

extension SnapshotSummary: TableRow {
  /// The headings.
  public static var columns: [String] { ["NAME", "CREATED", "STATE", "PARENT", "CURRENT", "DESCRIPTION"] }

  /// The row.
  public var cells: [String] { [name, created, state, parent ?? "-", isCurrent ? "yes" : "", description ?? ""] }
}
