import DomainXML
import Libvirt
import NestorSupport
import Templates

/// What became of a guest that was asked for.
package enum CreateOutcome: Sendable, Equatable {
  /// It was made.
  case created
  /// A guest of that name, made from the same template in the same way, was there already.
  case alreadyThere
}

extension Hypervisor {
  /// Makes a guest as planned; nothing is left when that fails.
  ///
  /// The domain comes first, marked incomplete, then its files, then the mark goes. So a program that is killed at any
  /// moment leaves a domain that says what happened, and never files without one. A guest of that name that is half made
  /// or half deleted is cleared away first.
  @discardableResult
  package func create(_ plan: GuestPlan) async throws -> CreateOutcome {
    try await requireLocal("create a guest")
    return try await lockingNames([plan.name], to: "create") {
      if let existing = try await wholeGuest(named: plan.name, to: "create") {
        try await requireMade(existing, by: plan)
        return .alreadyThere
      }
      _ = try await make(plan, to: "create")
      return .created
    }
  }

  /// Makes a guest unless it is there, and starts it unless it runs; returns it.
  @discardableResult
  package func run(_ plan: GuestPlan) async throws -> Guest {
    try await requireLocal("create a guest")
    return try await lockingNames([plan.name], to: "run") {
      if let existing = try await wholeGuest(named: plan.name, to: "run") {
        try await requireMade(existing, by: plan)
        _ = try await existing.start()
        return existing.guest
      }
      let made = try await make(plan, to: "run")
      try await made.boot(plan.definition)
      return made.guest
    }
  }

  private func make(_ plan: GuestPlan, to verb: String) async throws -> LockedGuest {
    try await prepareForGuests(named: [plan.name])
    report(ProgressReport(plan.name, "defining"))
    let guest = held(try await define(plan), to: verb)
    do {
      try await makeFiles(of: plan, for: guest)
      let nics = plan.definition.devices.interfaces
      // libvirt gives an address to one that a patch brings without.
      let hasAll = nics.allSatisfy { $0.mac != nil }
      try await reserveAddresses(
        of: plan.name, hasAll ? nics : try await guest.configuredNICs(), wanted: plan.reservations)
      if plan.autostart {
        try await withContext("cannot make guest '\(plan.name)' start by itself") {
          try await guest.domain.setAutostart(true)
        }
      }
      var record = plan.record
      record.stage = .complete
      try await guest.write(record)
      return guest
    } catch {
      // What the user is told is why the guest could not be made; that clearing up fails too, gc finds out.
      try? await guest.delete(force: true)
      throw error
    }
  }

  /// Defines a guest, whose XML is checked against libvirt's schema before.
  private func define(_ plan: GuestPlan) async throws -> Domain {
    let definition = try await withNetworksMTU(plan.definition)
    do {
      try DomainSchema.validator?.validate(try definition.xml())
    } catch {
      throw NestorError(
        .invalidXML,
        "libvirt's schema refuses the XML that template '\(plan.record.template)' gives guest '\(plan.name)'",
        cause: error.reason, hint: error.hint)
    }
    return try await withContext("cannot define guest '\(plan.name)'") { try await defineWithVariables(definition) }
  }

  /// The guest that has a name, whose lock is held, after the end of work that was cut off; one that was left half made or
  /// half deleted is cleared away, and then none has the name.
  func wholeGuest(named name: String, to verb: String) async throws -> LockedGuest? {
    try await unbroken { try await self.endRenewal(of: name) }
    guard let domain = try await withContext("cannot look up guest '\(name)'", { try await domain(named: name) }) else {
      return nil
    }
    let guest = held(domain, to: verb)
    try await unbroken { try await guest.recover() }
    guard let record = try await guest.record(), record.stage != .complete else { return guest }
    warn("guest '\(name)' was left half \(record.stage == .incomplete ? "made" : "deleted"); it is made anew")
    try await guest.delete(force: true)
    return nil
  }

  /// Refuses a guest that is in the way: only one that was made in the same way is what was asked for.
  private func requireMade(_ guest: LockedGuest, by plan: GuestPlan) async throws {
    guard let record = try await guest.record() else {
      throw NestorError(
        .exists, "guest '\(plan.name)' exists already", cause: "it was not made by nestor", hint: "choose another name")
    }
    if let source = record.copiedFrom {
      throw NestorError(
        .exists, "guest '\(plan.name)' exists already", cause: "it was made as a copy of '\(source)'",
        hint: "choose another name, or start it: nestor start \(plan.name)")
    }
    guard record.template == plan.record.template, record.parameters == plan.record.parameters,
      record.contextID == plan.record.contextID
    else {
      throw NestorError(
        .exists, "guest '\(plan.name)' exists already",
        cause: "it was made from template '\(record.template)'"
          + (record.template == plan.record.template ? " with other parameters or another --cid" : ""),
        hint: "choose another name, or delete it first: nestor delete \(plan.name)")
    }
  }

  private func makeFiles(of plan: GuestPlan, for guest: LockedGuest) async throws {
    try guest.makeDirectory()
    try await guest.makeFirmwareVariables(plan.definition)
    for disk in plan.disks {
      report(ProgressReport(plan.name, "making its disks"))
      try await DiskFile.create(disk.path, size: disk.size, base: disk.base, disk.format)
    }
    if let delivery = plan.delivery {
      report(ProgressReport(plan.name, "bringing the agent and its settings"))
      try await guest.provision { try await $0.provision(delivery) }
    }
    try requireImages(of: plan)
  }

  /// Refuses to go on with a guest whose images were deleted or made anew since it was planned.
  ///
  /// Whoever does that looks for guests that need the image after it is out of reach, and the guest is defined by now: one
  /// of the two notices the other.
  private func requireImages(of plan: GuestPlan) throws {
    var wanted = plan.record.diskImages.map { ($0.key, Optional($0.value)) }
    // A kernel that was made anew serves as well.
    if let name = plan.record.image, plan.record.diskImages[name] == nil { wanted.append((name, nil)) }
    for (name, digest) in wanted {
      if let image = try? images.image(name), digest == nil || image.digest == digest { continue }
      throw NestorError(
        .notFound, "cannot create guest '\(plan.name)': the image '\(name)' is not there any more",
        cause: "it was deleted or made anew meanwhile", hint: "run this again")
    }
  }

  /// A definition whose NICs are told of the largest packet on their networks: libvirt tells only the bridge, and what is
  /// larger is lost there without a word.
  private func withNetworksMTU(_ planned: DomainDefinition) async throws -> DomainDefinition {
    var definition = planned
    for (index, interface) in planned.devices.interfaces.enumerated() {
      guard interface.model == .virtio, interface.mtu == nil, let name = interface.networkName,
        let network = try? await connection.network(named: name)
      else { continue }
      definition.devices.interfaces[index].mtu = try await mtu(of: network)
    }
    return definition
  }
}
