import ArgumentParser

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
}
