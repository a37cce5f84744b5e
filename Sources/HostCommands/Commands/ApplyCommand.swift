import ArgumentParser
import CommandLineKit
import HostSetup

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Make what containers for guests need: profile, storage pool, network.",
    discussion: """
      A pool and a network are made only where the daemon has none, or where --pool and --network name new ones. What was
      chosen is remembered in the profile and need not be said again; the value none takes a choice back. All that is made
      is labelled user.nestor.made, and undo takes it away again.
      """)

  @OptionGroup var daemon: DaemonOptions
  @OptionGroup var options: ChoiceOptions
  @OptionGroup var output: OutputOptions
  @Flag(name: .long, help: "Overwrite a profile that was changed by hand.") var force = false

  func run() async throws {
    let line = ProgressLine()
    let provisioner = try await daemon.provisioner(line)
    let plan = try await provisioner.apply(options.choices, force: force)
    line.end()
    try PlanOutput.show(plan, output)
  }
}
