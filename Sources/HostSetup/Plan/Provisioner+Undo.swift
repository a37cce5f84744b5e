import NestorSupport

extension Provisioner {
  /// What undoing would take away, without doing it: all that carries Nestor's label, the last made first.
  ///
  /// A container that holds guests is an obstacle unless `force` is given; what containers of others use is one always.
  package func undoPlan(force: Bool = false) async throws -> Plan {
    let inventory = try await daemon.inventory()
    var steps: [PlanStep] = []
    for object in inventory.made.reversed() {
      let current = inventory[object] ?? .null
      steps.append(
        PlanStep(
          object, .remove, reason: "nestor-host made it", before: Self.shown(current, object),
          obstacle: try await obstacle(to: object, current, inventory, force)))
    }
    let prepared = inventory.instances.filter { $0.value["config"]?[Label.before] != nil }.keys.sorted()
    for name in prepared {
      let object = ObjectReference(.container, name)
      let current = inventory.instances[name] ?? .null
      let after = try Preparation.undone(current)
      steps.insert(
        PlanStep(
          object, .change, reason: "nestor-host prepared it", before: Preparation.settings(current),
          after: Preparation.settings(after), body: after,
          obstacle: try await guestsObstacle(name, force)), at: 0)
    }
    return Plan(steps: steps, notes: remains(inventory))
  }

  /// Takes away what ``undoPlan(force:)`` names, and answers with it. Where anything stands in the way nothing is changed.
  @discardableResult
  package func undo(force: Bool = false) async throws -> Plan {
    try await daemon.settle(nil)
    let plan = try await undoPlan(force: force)
    if let obstacle = plan.obstacles.first { throw obstacle }
    for step in plan.steps {
      report(ProgressReport(step.object.title, step.action.rawValue))
      if step.object.kind == .container, step.action == .remove {
        try await removeContainer(step.object.name)
      } else if step.action == .change {
        try await daemon.replace(step.object, step.body)
      } else {
        try await daemon.remove(step.object)
      }
    }
    return plan
  }

  /// Ends and deletes a container, and its volume where `withVolume` is set. Throws where guests are in it, unless
  /// `force` is given, and where Nestor did not make it.
  package func delete(_ name: String, force: Bool = false, withVolume: Bool = false) async throws {
    try NameRules.checkContainer(name)
    let volumes = try await daemon.inventory().volumes.filter { $0.value["config"]?[Label.container]?.string == name }
    if let container = try await daemon.find(ObjectReference(.container, name)) {
      guard Label.isMade(container) else {
        throw NestorError(
          .invalidState, "nestor-host did not make the container \(name)", hint: "\(daemon.commandLine) delete \(name)")
      }
      if let obstacle = try await guestsObstacle(name, force) { throw obstacle }
      report(ProgressReport(name, "deleting"))
      try await removeContainer(name)
    } else if volumes.isEmpty || !withVolume {
      throw NestorError(.notFound, "there is no container \(name)", hint: "nestor-host list")
    }
    for volume in volumes.keys.sorted() where withVolume && Label.isMade(volumes[volume] ?? .null) {
      try await daemon.remove(volume)
    }
  }

  /// The names of the guests that are defined in a container, whether it runs or not.
  package func guests(in name: String) async throws -> [String] {
    try await daemon.files(in: "/etc/libvirt/qemu", of: name).filter { $0.hasSuffix(".xml") }
      .map { String($0.dropLast(4)) }.sorted()
  }

  private func removeContainer(_ name: String) async throws {
    try await daemon.settle(name)
    if try await daemon.state(name) != nil { try await daemon.change(name, .stop, force: true) }
    try await daemon.remove(ObjectReference(.container, name))
  }

  private func obstacle(
    to object: ObjectReference, _ current: JSONValue, _ inventory: Inventory, _ force: Bool
  ) async throws -> NestorError? {
    if object.kind == .container { return try await guestsObstacle(object.name, force) }
    let mine = Set(inventory.made.map(\.path))
    let strangers = (current["used_by"]?.array ?? []).compactMap(\.string).filter { user in
      let path = String(user.prefix { $0 != "?" })
      // A pool lists its copies of images, which go with it.
      return !mine.contains(path) && !(object.kind == .pool && path.hasPrefix("/1.0/images/"))
    }
    guard strangers.isEmpty else {
      return NestorError(
        .busy, "the \(object.title) is in use by what nestor-host did not make: \(strangers.joined(separator: ", "))",
        hint: "take it from them first, or leave it: \(daemon.commandLine) \(object.clientWords)")
    }
    return nil
  }

  private func guestsObstacle(_ name: String, _ force: Bool) async throws -> NestorError? {
    if force { return nil }
    let guests = try await guests(in: name)
    guard !guests.isEmpty else { return nil }
    return NestorError(
      .busy,
      "the container \(name) holds \(guests.count == 1 ? "a guest" : "guests"): \(guests.joined(separator: ", "))",
      hint: "delete them first: nestor-host exec \(name) -- nestor delete --force \(guests.joined(separator: " "));"
        + " or give --force, and they are lost")
  }

  /// The settings that tell a reader what goes; what the daemon keeps for itself is left out.
  private static func shown(_ object: JSONValue, _ reference: ObjectReference) -> JSONValue {
    var fields = object.fields.filter {
      ["config", "devices", "description", "profiles", "properties", "aliases"].contains($0.key)
    }
    fields["config"] = JSONValue((object["config"]?.strings ?? [:]).filter { !$0.key.hasPrefix("volatile.") })
    return .object(fields)
  }

  private func remains(_ inventory: Inventory) -> [String] {
    let modules = inventory.made.filter { $0.kind == .profile }.flatMap { profile in
      (inventory[profile]?["config"]?["linux.kernel_modules"]?.string ?? "").split(separator: ",").map(String.init)
    }
    var notes: [String] = []
    let loaded = Set(modules).filter(facts.hasFeature).sorted()
    if !loaded.isEmpty {
      notes.append("these kernel modules stay loaded until the next boot: \(loaded.joined(separator: ", "))")
    }
    notes.append("packages stay, and so do images that containers were made from: \(daemon.commandLine) image list")
    return notes
  }
}
