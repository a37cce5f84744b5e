import ArgumentParser
import CommandLineKit
import HostSetup
import NestorSupport

struct UndoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Take away all that nestor-host made, and nothing else.",
    discussion: """
      What carries the label user.nestor.made goes: containers, their volumes, images that were imported, the profile, and
      the network and pool if they were made. A container that was there before and was prepared gets its old settings
      back. Where a container holds guests nothing is done, unless --force is given; where something of others uses what
      would go, nothing is done at all.
      """)

  @OptionGroup var daemon: DaemonOptions
  @OptionGroup var output: OutputOptions
  @Flag(name: .long, help: "Take away containers that hold guests, too.") var force = false
  @Flag(name: .long, help: "Show what would be taken away, and change nothing.") var dryRun = false

  func run() async throws {
    let line = ProgressLine()
    let provisioner = try await daemon.provisioner(line)
    let plan = dryRun ? try await provisioner.undoPlan(force: force) : try await provisioner.undo(force: force)
    line.end()
    guard !dryRun else { return try PlanOutput.show(plan, output) }
    Terminal.print(plan.steps.map { "\($0.object.title)\n" }.joined())
    for note in plan.notes { Terminal.note("note: \(note)") }
    if plan.isEmpty { Terminal.note("there is nothing that nestor-host made") }
  }
}
