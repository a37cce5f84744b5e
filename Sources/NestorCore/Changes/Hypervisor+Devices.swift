import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport

extension Hypervisor {
  /// How long a guest may take to let a device go, in seconds.
  private static let patience = 30.0

  /// A domain's devices: as it runs, where it does, and as it starts next, where it is defined.
  struct DevicePair {
    /// The devices of the domain that runs; nil where it does not.
    var live: DomainDevices?
    /// Those of its next start; nil where it is not defined.
    var config: DomainDevices?

    /// Those that the guest sees, or will see.
    var present: DomainDevices { live ?? config ?? DomainDevices() }
    /// The disks that the guest sees and those of its next start; one that is both comes twice.
    var disksNowAndLater: [Disk] { present.disks + (config?.disks ?? []) }
    /// Where a device has to be changed so that the change lasts.
    var scope: ModificationScope {
      var scope: ModificationScope = []
      if live != nil { scope.insert(.live) }
      if config != nil { scope.insert(.config) }
      return scope
    }
  }

  /// Reads a domain's devices.
  func devices(of domain: Domain) async throws -> DevicePair {
    try await explaining("cannot read guest '\(domain.name)'") {
      var pair = DevicePair()
      if try await domain.isActive() { pair.live = try DomainDefinition(xml: try await domain.xml()).devices }
      if try await domain.isPersistent() {
        pair.config = try DomainDefinition(xml: try await domain.xml(.inactive)).devices
      }
      return pair
    }
  }

  /// Adds a device to a domain, for now and for later.
  func attach(_ xml: String, to domain: Domain, _ scope: ModificationScope, _ failure: String) async throws {
    try await explaining(failure) { try await domain.attachDevice(xml: xml, scope: scope) }
  }

  /// Takes a device from a domain: from the guest that runs, which has to let it go, and then from its definition.
  ///
  /// So one that was cut off in between can be run again. Throws a ``NestorError`` with code `timedOut` when the guest
  /// does not let go; the definition still has the device then.
  func detach(
    live: (xml: String, alias: String?)?, config: String?, from domain: Domain, _ failure: String
  ) async throws {
    if let live { try await detachLive(live.xml, live.alias, from: domain, failure) }
    guard let config else { return }
    try await explaining(failure) { try await domain.detachDevice(xml: config, scope: .config) }
  }

  private func detachLive(_ xml: String, _ alias: String?, from domain: Domain, _ failure: String) async throws {
    let isGone: Bool? = try await explaining(failure) {
      // Asked for beforehand: libvirt's call may return before the guest let go.
      let removals = try await connection.deviceRemovedEvents(domain: domain)
      let refusals = try await connection.deviceRemovalFailedEvents(domain: domain)
      do {
        try await domain.detachDevice(xml: xml, scope: .live)
      } catch let error as LibvirtError where error.code == .operationInvalid && error.message.contains("unplug") {
        // An earlier attempt is still under way; its end is what is waited for.
      }
      return try await Deadline(seconds: Self.patience).limit { [self] in
        try await withThrowingTaskGroup(of: Bool?.self) { group in
          group.addTask {
            for try await event in removals where alias == nil || event.payload.alias == alias { return true }
            return nil
          }
          group.addTask {
            for try await event in refusals where alias == nil || event.payload.alias == alias { return false }
            return nil
          }
          group.addTask {
            // The event may have come before there was an alias to know it by, or with the guest's own end.
            while try await self.hasDevice(alias, domain) { try await ContinuousClock().sleep(for: .milliseconds(500)) }
            return true
          }
          defer { group.cancelAll() }
          while let result = try await group.next() { if let result { return result } }
          throw CancellationError()
        }
      }
    }
    switch isGone {
    case true?: return
    case false?:
      throw NestorError(
        .failed, failure, cause: "the guest refused to let it go",
        hint: "stop using it in the guest, and run this again")
    case nil:
      throw NestorError(
        .timedOut, failure, cause: "the guest did not let it go in \(Int(Self.patience)) s",
        hint: "a guest that still boots does not hear of it: run this again, or after nestor stop \(domain.name)")
    }
  }

  private func hasDevice(_ alias: String?, _ domain: Domain) async throws -> Bool {
    guard let alias, try await domain.isActive() else { return false }
    let devices = try DomainDefinition(xml: try await domain.xml()).devices
    return devices.interfaces.contains { $0.alias == alias } || devices.disks.contains { $0.alias == alias }
  }
}
