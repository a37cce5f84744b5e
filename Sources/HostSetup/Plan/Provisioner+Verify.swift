import NestorSupport

extension Provisioner {
  /// Tries the real things: whether the daemon's objects are as they ought to be, what the host's kernel does, and in each
  /// of Nestor's containers that runs what its own doctor finds. Changes nothing.
  ///
  /// With `names` these containers are looked at alone; one that is not there is an error.
  package func verify(_ choices: HostChoices, names: [String] = []) async throws -> [CheckResult] {
    let inventory = try await daemon.inventory()
    for name in names where inventory.instances[name] == nil {
      throw NestorError(.notFound, "there is no container \(name)", hint: "nestor-host list")
    }
    let design = try HostDesign(choices: choices, facts: facts, inventory: inventory)
    report(ProgressReport("host", "checking"))
    var results = await HostRequirements(daemon: .success(daemon), extras: design.choices.extras, root: facts.root)
      .examine()
    results.append(Self.objects(try Plan(try design.objects(), over: inventory)))
    for name in names.isEmpty ? inventory.nestorContainers : names {
      results += try await verify(name, inventory.instances[name] ?? .null)
    }
    return results
  }

  private static func objects(_ plan: Plan) -> CheckResult {
    let titles = plan.changes.map { "\($0.object.title) (\($0.action.rawValue))" }
    return CheckResult(
      id: "objects", what: "profile, pool and network are as nestor-host makes them",
      reason: "containers take their devices and limits from them",
      finding: plan.isEmpty
        ? Finding(.pass, "as they should be: \(plan.steps.map(\.object.title).joined(separator: ", "))")
        : Finding(
          .warn, "not as they should be: \(titles.joined(separator: ", "))",
          remedy: "see what differs with nestor-host plan, then nestor-host apply"))
  }

  private func verify(_ name: String, _ container: JSONValue) async throws -> [CheckResult] {
    let isolation = CheckResult(
      id: "\(name)/unprivileged", what: "root in the container is nobody outside",
      reason: "whoever leaves a guest is then still nobody on the host", finding: try await isolation(name, container))
    guard container["status"]?.string == "Running" else { return [isolation] }
    return [isolation]
      + (try await ContainerProvisioner(daemon: daemon, name: name, report: report).examine(fixing: false))
  }

  private func isolation(_ name: String, _ container: JSONValue) async throws -> Finding {
    let expanded = container["expanded_config"]?.strings ?? [:]
    if expanded["security.privileged"] == "true" {
      return Finding(
        .fail, "the container is privileged", remedy: "\(daemon.commandLine) config unset \(name) security.privileged")
    }
    guard container["status"]?.string == "Running" else { return Finding(.skip, "the container does not run") }
    let result = try await daemon.run(["cat", "/proc/1/uid_map"], in: name)
    let numbers = result.output.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0) }
    guard result.status == 0, numbers.count >= 3 else { return Finding(.fail, "its users cannot be read") }
    return numbers[1] == 0
      ? Finding(.fail, "root inside is root outside") : Finding(.pass, "root inside is user \(numbers[1]) outside")
  }
}

extension Inventory {
  /// The containers that Nestor made or prepared.
  package var nestorContainers: [String] {
    instances.filter { Label.isMade($0.value) || $0.value["config"]?[Label.before] != nil }.keys.sorted()
  }
}
