import ArgumentParser
import CommandLineKit
import HostSetup

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what apply would change, as a diff of the daemon's objects.",
    discussion: """
      Nothing is changed. The diff is empty where all is as it should be. An object that nestor-host did not make, or a
      profile that was changed by hand since, is told as an error with status 75.
      """)

  @OptionGroup var daemon: DaemonOptions
  @OptionGroup var options: ChoiceOptions
  @OptionGroup var output: OutputOptions
  @Flag(name: .long, help: "Plan to overwrite a profile that was changed by hand.") var force = false

  func run() async throws {
    let line = ProgressLine()
    let plan = try await daemon.provisioner(line).plan(options.choices, force: force)
    line.end()
    try PlanOutput.show(plan, output)
  }
}
