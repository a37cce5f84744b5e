import ArgumentParser

struct NICCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nic", abstract: "Add, remove and unplug network cards of a guest.",
    discussion: """
      A guest that runs gets or loses the card at once; the change stays over its next starts. A card is named by its MAC
      address or by its place in the list.
      """,
    subcommands: [List.self, Add.self, Remove.self, Link.self])
}
