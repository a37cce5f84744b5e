import NestorSupport

/// Makes the daemon's objects what they ought to be, and takes them away again.
///
/// Each step is one request that the daemon does whole or not at all, and each object is labelled from the moment when it
/// is there, so whatever ends this program, the next run sees what is done and does the rest. Nothing is written down
/// outside of the daemon. All calls throw ``NestorError``.
package struct Provisioner: Sendable {
  package let daemon: ContainerDaemon
  package let facts: HostFacts
  let report: ProgressHandler

  /// A provisioner for a daemon; `report` is told how far long work is, from any thread.
  package init(
    daemon: ContainerDaemon, facts: HostFacts = HostFacts(), report: @escaping ProgressHandler = { _ in }
  ) {
    self.daemon = daemon
    self.facts = facts
    self.report = report
  }

  /// What has to be done for the objects that all containers share. Changes nothing.
  package func plan(_ choices: HostChoices, force: Bool = false) async throws -> Plan {
    let design = try HostDesign(choices: choices, facts: facts, inventory: try await daemon.inventory())
    return try Plan(try design.objects(), over: design.inventory, force: force, notes: design.omissions)
  }

  /// Does what has to be done, and answers with it. Where anything stands in the way nothing is changed.
  @discardableResult
  package func apply(_ choices: HostChoices, force: Bool = false) async throws -> Plan {
    let plan = try await plan(choices, force: force)
    try await carryOut(plan)
    return plan
  }

  /// Does the steps of a plan one after the other.
  func carryOut(_ plan: Plan) async throws {
    if let obstacle = plan.obstacles.first { throw obstacle }
    for step in plan.changes { try await carryOut(step) }
  }

  private func carryOut(_ step: PlanStep) async throws {
    report(ProgressReport(step.object.title, step.action.rawValue))
    switch step.action {
    case .keep: return
    case .create: try await create(step)
    case .change: try await daemon.replace(step.object, step.body)
    case .remove: try await daemon.remove(step.object)
    }
  }

  private func create(_ step: PlanStep) async throws {
    do {
      try await daemon.create(step.object, step.body) { progress in
        report(ProgressReport(step.object.title, progress))
      }
    } catch let error as NestorError where error.code == .exists {
      // An earlier run that was cut off may have asked for the same, which came true meanwhile.
      guard let object = try await daemon.find(step.object), Label.isMade(object) else { throw error }
      if step.object.kind == .container { try await daemon.settle(step.object.name) }
    }
  }
}
