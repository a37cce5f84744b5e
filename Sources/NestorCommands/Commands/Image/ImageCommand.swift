import ArgumentParser

struct ImageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image", abstract: "Make and look after images.",
    subcommands: [
      Build.self, Pull.self, Import.self, Create.self, Catalogue.self, List.self, Info.self, Verify.self, Delete.self,
      Prune.self,
    ], aliases: ["images"])
}
