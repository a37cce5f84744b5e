import ArgumentParser

struct DiskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disk", abstract: "Add and remove disks of a guest.",
    discussion: "A guest that runs gets or loses the disk at once; the change stays over its next starts.",
    subcommands: [List.self, Add.self, Remove.self])
}
