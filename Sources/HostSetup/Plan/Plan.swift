import NestorSupport

/// What has to be done so that the daemon's objects are as they ought to be.
package struct Plan: Sendable, Equatable {
  /// Every object that was looked at, in the order in which it is worked on.
  package let steps: [PlanStep]
  /// What is not done though it was wished for, as sentences.
  package let notes: [String]

  package init(steps: [PlanStep], notes: [String] = []) {
    self.steps = steps
    self.notes = notes
  }

  /// Nothing has to be done.
  package var isEmpty: Bool { changes.isEmpty }

  /// The steps that do something.
  package var changes: [PlanStep] { steps.filter { $0.action != .keep } }

  /// What stands in the way; a plan with any of these is not carried out at all.
  package var obstacles: [NestorError] { steps.compactMap(\.obstacle) }

  /// The plan as a unified diff of the daemon's objects; empty where nothing has to be done.
  package var difference: String { changes.map(\.difference).joined(separator: "\n") }

  /// How many objects are made, changed, left and taken away, in one line.
  package var summary: String {
    let words: [(PlanStep.Action, String)] = [
      (.create, "to make"), (.change, "to change"), (.remove, "to take away"), (.keep, "as it should be"),
    ]
    return words.map { action, word in "\(steps.count { $0.action == action }) \(word)" }.joined(separator: ", ")
  }
}

extension Plan {
  /// The plan that makes objects what they ought to be.
  ///
  /// An object of that name that Nestor did not make is an obstacle, and so is a profile that was changed by hand since;
  /// `force` overwrites the latter.
  package init(
    _ desired: [DesiredObject], over inventory: Inventory, force: Bool = false, notes: [String] = []
  ) throws {
    self.init(steps: try desired.map { try Self.step($0, inventory, force) }, notes: notes)
  }

  private static func step(_ desired: DesiredObject, _ inventory: Inventory, _ force: Bool) throws -> PlanStep {
    let object = desired.reference
    guard let current = inventory[object] else {
      return PlanStep(
        object, .create, reason: desired.reason, after: desired.body, body: desired.createBody)
    }
    let before = desired.part(of: current)
    let after = desired.merged(into: current)
    guard Label.isMade(current) else {
      return PlanStep(
        object, .change, reason: desired.reason, before: before, after: after,
        obstacle: NestorError(
          .exists, "there is a \(object.title) already, and nestor-host did not make it",
          hint: object.kind == .profile ? "name another with --profile" : "name another one, or rename that one"))
    }
    guard before != after else { return PlanStep(object, .keep, reason: desired.reason, before: before, after: after) }
    return PlanStep(
      object, .change, reason: desired.reason, before: before, after: after, body: desired.changeBody(of: current),
      obstacle: force ? nil : try obstacle(object, current, inventory))
  }

  private static func obstacle(
    _ object: ObjectReference, _ current: JSONValue, _ inventory: Inventory
  ) throws -> NestorError? {
    guard object.kind == .profile else { return nil }
    if current["config"]?[Label.digest]?.string != (try Label.digest(of: current)) {
      return NestorError(
        .invalidState, "somebody changed the \(object.title) by hand",
        hint: "--force overwrites that, as the diff shows; or keep it, and name another with --profile")
    }
    let strangers = inventory.users(ofProfile: object.name).filter { name in
      inventory.instances[name].map { !Label.isMade($0) } ?? true
    }
    guard strangers.isEmpty else {
      return NestorError(
        .busy, "the \(object.title) is in use by what nestor-host did not make: \(strangers.joined(separator: ", "))",
        hint: "--force changes it for them, too; or name another with --profile")
    }
    return nil
  }
}

extension Inventory {
  /// The containers that have a profile, by their names.
  func users(ofProfile name: String) -> [String] {
    instances.filter { $0.value["profiles"]?.array.contains(.string(name)) ?? false }.keys.sorted()
  }
}
