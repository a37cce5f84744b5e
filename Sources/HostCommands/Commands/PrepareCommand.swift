import ArgumentParser
import CommandLineKit
import HostSetup

struct PrepareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare", abstract: "Prepare a container that is there already.",
    discussion: """
      The container gets nesting and the devices that guests need, in its own settings; its profiles, pool and network stay
      as they are. What it had before is written down in it, and undo puts that back. Inside the same is done as by launch.
      A container that nestor-host made is finished, and gets the programs anew.
      """)

  @OptionGroup var daemon: DaemonOptions
  @OptionGroup var choices: ChoiceOptions
  @OptionGroup var container: ContainerOptions
  @OptionGroup var output: OutputOptions
  @Flag(name: .long, help: "Restart the container where its new settings need that.") var restart = false
  @Argument(help: "The container's name.", completion: .containers) var name: String

  func run() async throws {
    let line = ProgressLine()
    let options = try container.options(mayRestart: restart)
    let provisioner = try await daemon.provisioner(line)
    try await provisioner.prepare(name, choices: choices.choices, options: options)
    let results = try await provisioner.verify(choices.choices, names: [name])
    line.end()
    try CheckOutput.show(results, output, fixedBy: "nestor-host prepare")
  }
}
