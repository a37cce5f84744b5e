import ArgumentParser
import CommandLineKit
import HostSetup

struct DeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete containers that nestor-host made.",
    discussion: """
      The volume with a container's images stays, and the next container of that name gets it again; --volume takes it
      away, too. A container that holds guests stays unless --force is given.
      """, aliases: ["rm"])

  @OptionGroup var daemon: DaemonOptions
  @Flag(name: .shortAndLong, help: "Delete containers that hold guests, too.") var force = false
  @Flag(name: .long, help: "Delete the volume with the images, too.") var volume = false
  @Argument(help: "The containers' names.", completion: .containers) var names: [String]

  func run() async throws {
    let line = ProgressLine()
    let provisioner = try await daemon.provisioner(line)
    for name in names {
      try await provisioner.delete(name, force: force, withVolume: volume)
      line.clear()
      Terminal.print("\(name)\n")
    }
    line.end()
  }
}
