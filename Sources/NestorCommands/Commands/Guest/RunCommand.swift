import ArgumentParser
import CommandLineKit
import NestorCore

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Make guests from a template and start them.",
    discussion: """
      A guest that is there already is started if it was made from the same template with the same parameters, so this
      can be run again; any other guest of that name is an error. All names are tried, and failures come together.

        nestor run tiny --wait
        nestor run tiny web{1..5} -P memory=256MiB
        nestor run ./my-guest.yaml lab
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var options: TemplateOptions
  @Flag(name: .long, help: "Wait until each guest is up, as its template says; prints the console's line.") var wait =
    false
  @Option(
    name: .long, help: "How long to wait, in seconds, instead of what its template says (ready: timeout:).",
    transform: TimeLimit.duration)
  var timeout: Duration?

  func run() async throws {
    let (plans, host) = try await options.plans()
    options.warn(of: plans, host)
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(line: line)
    let byName = Dictionary(plans.map { ($0.name, $0) }) { first, _ in first }
    let (wait, timeout) = (wait, timeout)
    let results = await Batch.run(plans.map(\.name), width: wait ? plans.count : Batch.width) { name in
      guard let plan = byName[name] else { return }
      let guest = try await hypervisor.run(plan)
      guard wait else { return }
      let sign = try await guest.wait(for: guest.goalOfStart(), timeout: timeout)
      line.clear()
      Terminal.note("\(name): \(sign)")
    }
    line.end()
    try BatchFailure.reporting { try results.names() }
  }
}
