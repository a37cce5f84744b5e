import CommandLineKit
import HostSetup
import NestorSupport

/// Prints a plan: the diff on standard output, what it leaves out and what stands in its way on standard error.
enum PlanOutput {
  static func show(_ plan: Plan, _ output: OutputOptions) throws {
    if output.quiet {
      Terminal.print(plan.changes.map { "\($0.object.title)\n" }.joined())
    } else if output.format == .table {
      Terminal.print(plan.difference)
    } else {
      Terminal.print(try Renderer(output).text(plan.steps.map(PlanRow.init)))
    }
    for note in plan.notes { Terminal.note("note: \(note)") }
    Terminal.note("plan: \(plan.isEmpty ? "nothing to do; " : "")\(plan.summary)")
    // All but the last, which ends the program, are said here.
    for obstacle in plan.obstacles.dropLast() { ErrorReport.show(obstacle) }
    if let last = plan.obstacles.last { throw last }
  }
}

/// A step of a plan as a row.
struct PlanRow: TableRow {
  static var columns: [String] { ["ACTION", "OBJECT", "REASON"] }

  private enum Key: String, CodingKey {
    case action, kind, name, pool, reason, before, after, obstacle
  }

  let step: PlanStep

  init(_ step: PlanStep) {
    self.step = step
  }

  var cells: [String] { [step.action.rawValue, step.object.title, step.reason] }
  var name: String { step.object.title }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(step.action.rawValue, forKey: .action)
    try container.encode(step.object.kind.rawValue, forKey: .kind)
    try container.encode(step.object.name, forKey: .name)
    try container.encodeIfPresent(step.object.pool, forKey: .pool)
    try container.encode(step.reason, forKey: .reason)
    try container.encode(step.before, forKey: .before)
    try container.encode(step.after, forKey: .after)
    try container.encodeIfPresent(step.obstacle?.message, forKey: .obstacle)
  }
}
