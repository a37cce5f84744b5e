import ArgumentParser
import HostSetup

struct ShellCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shell", abstract: "Have a root shell in a container; nestor works there.")

  @OptionGroup var daemon: DaemonOptions
  @Argument(help: "The container's name.", completion: .containers) var name: String

  func run() async throws {
    try NameRules.checkContainer(name)
    // su sets up what a log-in has; the client alone starts with next to no environment.
    try ClientHandover(try await daemon.connect()).exec(name, ["su", "-l"])
  }
}
