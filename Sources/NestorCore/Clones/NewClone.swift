import DomainXML
import Libvirt
import NestorSupport

/// A copy of a guest that is being made: defined, and marked incomplete until it is whole.
struct NewClone: Sendable {
  let identity: CloneIdentity
  let guest: LockedGuest

  /// Defines a copy whose lock is held, with its directory; the domain comes first, see ``Hypervisor/create(_:)``.
  init(_ identity: CloneIdentity, of source: DomainDefinition, _ record: GuestRecord, by hypervisor: Hypervisor)
    async throws
  {
    self.identity = identity
    let definition = try identity.definition(source, record: record)
    let domain = try await withContext("cannot define guest '\(identity.name)'") {
      try await hypervisor.defineWithVariables(definition)
    }
    guest = hypervisor.held(domain, to: "clone to")
    try guest.makeDirectory()
  }

  /// Brings to it what its source was brought, with a key and with settings of its own.
  ///
  /// One that goes on from its source's memory has had its first boot: to cloud-init it stays the machine that it was,
  /// which at the next start would otherwise make host keys and do all that is done once again.
  func provision(_ source: DomainDefinition, isWarm: Bool) async throws {
    try await guest.provision { provisioning in
      let delivery = try GuestProvisioning(state: provisioning.state, uuid: identity.source.uuid).delivery(
        name: guest.name, instance: isWarm ? nil : guest.uuid, nics: identity.nics(source), agent: AgentProgram.find())
      if let delivery { try await provisioning.provision(delivery) }
    }
  }

  /// Tells how far it is.
  func report(_ stage: String) { guest.hypervisor.report(ProgressReport(guest.name, stage)) }
}
