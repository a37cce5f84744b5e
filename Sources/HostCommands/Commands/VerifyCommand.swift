import ArgumentParser
import CommandLineKit
import HostSetup

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Try the real things, on the host and in nestor's containers.",
    discussion: """
      The host's checks are those of doctor. Each container that runs is asked for its user map, and nestor doctor runs in
      it; these results carry the container's name in front. Nothing is changed. The exit status is 69 when something
      fails.
      """)

  @OptionGroup var daemon: DaemonOptions
  @OptionGroup var options: ChoiceOptions
  @OptionGroup var output: OutputOptions
  @Argument(help: "Containers (default: all of nestor's).", completion: .containers) var names: [String] = []

  func run() async throws {
    let line = ProgressLine()
    let results = try await daemon.provisioner(line).verify(options.choices, names: names)
    line.end()
    try CheckOutput.show(results, output, fixedBy: "nestor-host prepare")
  }
}
