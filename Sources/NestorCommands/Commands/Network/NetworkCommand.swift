import ArgumentParser

struct NetworkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network", abstract: "Make and look after networks, the segments that guests are on.",
    subcommands: [
      Create.self, List.self, Info.self, Leases.self, Start.self, Stop.self, Delete.self,
    ], aliases: ["networks", "net"])
}
