import NestorSupport

extension Provisioner {
  /// What ``launch(_:choices:options:force:)`` would do to the daemon's objects. Changes nothing, but imports an image
  /// that is given as files.
  package func launchPlan(
    _ name: String, choices: HostChoices, options: LaunchOptions, force: Bool = false
  ) async throws -> Plan {
    try NameRules.checkContainer(name)
    try ContainerDesign.check(options.settings)
    let inventory = try await daemon.inventory()
    let design = try HostDesign(choices: choices, facts: facts, inventory: inventory)
    let shared = try design.objects()
    let isThere = inventory.instances[name] != nil
    // What stands in the way is known before an image is imported.
    let plan = try Plan(shared, over: inventory, force: force, notes: design.omissions)
    guard plan.obstacles.isEmpty else { return plan }
    let source = isThere ? JSONValue.null : try await ImageChoice(daemon: daemon).source(options.image)
    let own = ContainerDesign(
      name: name, profile: design.choices.profile, pool: design.poolName, source: source, settings: options.settings)
    return try Plan(shared + own.objects, over: inventory, force: force, notes: design.omissions)
  }

  /// Makes a container in which guests can run, or finishes one that an earlier run began, and answers with what the
  /// checks on both sides found. A container of that name that nestor-host did not make is prepared by
  /// ``prepare(_:choices:options:)`` instead.
  @discardableResult
  package func launch(
    _ name: String, choices: HostChoices, options: LaunchOptions, force: Bool = false
  ) async throws -> [CheckResult] {
    try NameRules.checkContainer(name)
    try await daemon.settle(name)
    report(ProgressReport(name, "planning"))
    try await carryOut(try await launchPlan(name, choices: choices, options: options, force: force))
    report(ProgressReport(name, "starting"))
    try await daemon.change(name, .start)
    return try await finishInside(name, options)
  }

  /// Gives a container that somebody else made the devices and settings that guests need, and does its inside.
  ///
  /// Throws `invalidState` for a privileged one, and where it has to be restarted and that is not allowed.
  @discardableResult
  package func prepare(
    _ name: String, choices: HostChoices, options: LaunchOptions
  ) async throws -> [CheckResult] {
    try NameRules.checkContainer(name)
    let object = ObjectReference(.container, name)
    guard let container = try await daemon.find(object) else {
      throw NestorError(.notFound, "there is no container \(name)", hint: "make one: nestor-host launch \(name)")
    }
    if Label.isMade(container) { return try await launch(name, choices: choices, options: options) }
    try Self.checkForeign(container, name)
    let design = try HostDesign(choices: choices, facts: facts, inventory: try await daemon.inventory())
    guard let profile = try design.objects().first(where: { $0.reference.kind == .profile })?.body else {
      throw NestorError(.failed, "there is no design of a profile")
    }
    let prepared = try Preparation.prepared(container, by: profile)
    let isRunning = container["status"]?.string == "Running"
    // A running container keeps what nesting allows from its start on, and the daemon loads modules only then.
    let needsRestart = ["security.nesting", "linux.kernel_modules"].contains { setting in
      prepared["config"]?[setting] != container["config"]?[setting]
    }
    if isRunning, needsRestart, !options.mayRestart {
      throw NestorError(
        .invalidState, "the container \(name) has to be restarted to be prepared", cause: "it runs without nesting",
        hint: "allow that with --restart, or stop it first")
    }
    try await daemon.replace(object, prepared)
    if isRunning, needsRestart { try await daemon.change(name, .restart) }
    if !isRunning { try await daemon.change(name, .start) }
    return try await finishInside(name, options)
  }

  private static func checkForeign(_ container: JSONValue, _ name: String) throws {
    if container["type"]?.string == "virtual-machine" {
      throw NestorError(
        .invalidState, "\(name) is a virtual machine, not a container",
        hint: "nestor runs in it as it is: copy the program there")
    }
    let expanded = container["expanded_config"]?.strings ?? [:]
    if expanded["security.privileged"] == "true" {
      throw NestorError(
        .invalidState, "the container \(name) is privileged, and nestor-host prepares none of these",
        cause: "root in it is root on the host, so whoever leaves a guest owns the host",
        hint: "make an unprivileged one: nestor-host launch NAME")
    }
  }

  private func finishInside(_ name: String, _ options: LaunchOptions) async throws -> [CheckResult] {
    let inside = ContainerProvisioner(daemon: daemon, name: name, report: report)
    try await inside.waitUntilUp(within: options.timeout)
    try await inside.requireLibvirt()
    try await inside.install(options.payload)
    try await inside.startLibvirt()
    if options.bridgesCard { try await inside.bridgeCard() }
    let results = try await inside.examine(fixing: true)
    try await mark(name)
    return results
  }

  /// Writes into the container that its inside is done.
  private func mark(_ name: String) async throws {
    try await daemon.query(
      "PATCH", ObjectReference(.container, name).path, ["config": JSONValue([Label.state: Preparation.ready])],
      purpose: "cannot label the container \(name)")
  }
}
