import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport
import Templates

/// What became of a guest that was asked for.
public enum CreateOutcome: Sendable, Equatable {
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
  public func create(_ plan: GuestPlan) async throws -> CreateOutcome {
    try await requireLocal("create a guest")
    return try await lockingNames([plan.name], to: "create") { try await createLocked(plan, to: "create").outcome }
  }

  /// Makes a guest unless it is there, and starts it unless it runs.
  public func run(_ plan: GuestPlan) async throws -> CreateOutcome {
    try await requireLocal("create a guest")
    return try await lockingNames([plan.name], to: "run") {
      let (guest, outcome) = try await createLocked(plan, to: "run")
      _ = try await guest.start()
      return outcome
    }
  }

  private func createLocked(
    _ plan: GuestPlan, to verb: String
  ) async throws -> (guest: LockedGuest, outcome: CreateOutcome) {
    if let existing = try await wholeGuest(named: plan.name, to: verb) {
      return (existing, try accept(try await existing.record(), plan))
    }
    report(ProgressReport(plan.name, "defining"))
    let domain = try await explaining("cannot define guest '\(plan.name)'") {
      try await connection.defineDomain(xml: try await withNetworksMTU(plan))
    }
    let guest = held(domain, to: verb)
    do {
      try await makeFiles(of: plan)
      try await guest.reserveAddresses(wanted: plan.reservations)
      if plan.autostart {
        try await explaining("cannot make guest '\(plan.name)' start by itself") { try await domain.setAutostart(true) }
      }
      var record = plan.record
      record.stage = .complete
      try await guest.write(record)
      return (guest, .created)
    } catch {
      // What the user is told is why the guest could not be made; that clearing up fails too, gc finds out.
      try? await guest.delete(force: true)
      throw error
    }
  }

  /// The guest that has a name, whose lock is held, after the end of work that was cut off; one that was left half made or
  /// half deleted is cleared away, and then none has the name.
  func wholeGuest(named name: String, to verb: String) async throws -> LockedGuest? {
    let domain: Domain
    do {
      domain = try await connection.domain(named: name)
    } catch let error as LibvirtError where error.code == .noDomain {
      return nil
    } catch {
      throw NestorError(explaining: error, "cannot look up guest '\(name)'")
    }
    let guest = held(domain, to: verb)
    try await unbroken { try await guest.recover() }
    guard let record = try await guest.record(), record.stage != .complete else { return guest }
    warn("guest '\(name)' was left half \(record.stage == .incomplete ? "made" : "deleted"); it is made anew")
    try await guest.delete(force: true)
    return nil
  }

  /// A guest that was made in the same way is what was asked for; any other is in the way.
  private func accept(_ record: GuestRecord?, _ plan: GuestPlan) throws -> CreateOutcome {
    guard let record else {
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
    return .alreadyThere
  }

  private func makeFiles(of plan: GuestPlan) async throws {
    let folder = state.guest(plan.uuid)
    try await explaining("cannot make the folder of guest '\(plan.name)'") {
      try FileTree.makeDirectory(folder, mode: 0o711)
    }
    for disk in plan.disks {
      report(ProgressReport(plan.name, "making its disks"))
      try await DiskFile.create(disk.path, size: disk.size, base: disk.base, disk.format)
    }
    if let delivery = plan.delivery {
      report(ProgressReport(plan.name, "bringing the agent and its settings"))
      try await explaining("cannot bring the agent and its settings to guest '\(plan.name)'") {
        try await Courier(state: state, uuid: plan.uuid).deliver(delivery)
      }
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

  /// The XML of a guest whose NICs are told of the largest packet on their networks: libvirt tells only the bridge, and
  /// what is larger is lost there without a word.
  private func withNetworksMTU(_ plan: GuestPlan) async throws -> String {
    guard !plan.networks.isEmpty else { return plan.xml }
    var definition = try DomainDefinition(xml: plan.xml)
    var isChanged = false
    for (index, interface) in definition.devices.interfaces.enumerated() {
      guard interface.model == .virtio, interface.mtu == nil, let name = interface.networkName,
        let network = try? await connection.network(named: name),
        let mtu = try await mtu(of: network)
      else { continue }
      definition.devices.interfaces[index].mtu = mtu
      isChanged = true
    }
    return isChanged ? try definition.xml() : plan.xml
  }

  /// Starts those of libvirt's networks that a domain needs and that stand still.
  func startNetworks(of domain: Domain, _ definition: DomainDefinition) async throws {
    for name in definition.networkNames {
      let failure = "cannot start network '\(name)' for guest '\(domain.name)'"
      do {
        let network = try await connection.network(named: name)
        if try await network.isActive() { continue }
        report(ProgressReport(domain.name, "starting network '\(name)'"))
        try await network.start()
      } catch let error as LibvirtError where error.code == .noNetwork {
        throw NestorError(
          .notFound, failure, cause: "libvirt has no such network",
          hint:
            "nestor network list shows those it has; the 'default' one comes from the package libvirt-daemon-config-network or /usr/share/libvirt/networks/default.xml"
        )
      } catch let error as LibvirtError where error.code == .operationInvalid {
        // Another program started it at the same moment.
      } catch {
        throw NestorError(explaining: error, failure)
      }
    }
  }
}
