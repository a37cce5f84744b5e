import DomainXML
import Libvirt
import NestorSupport

extension LockedGuest {
  /// How long a guest may take to let a device go.
  private static let detachTimeout = Duration.seconds(30)

  /// Adds a device, for now and for later.
  func attach(_ xml: String) async throws {
    let scope = try await devices().scope
    forgetDevices()
    try await attempt { try await domain.attachDevice(xml: xml, scope: scope) }
  }

  /// Changes a device that is there, now or at the next start.
  func update(_ xml: String, scope: ModificationScope) async throws {
    forgetDevices()
    try await attempt { try await domain.updateDevice(xml: xml, scope: scope) }
  }

  /// Takes a device from the guest that runs, which has to let it go, and then from its definition.
  ///
  /// So one that was cut off in between can be run again. Throws ``NestorError`` of code `timedOut` when the guest does not
  /// let go; the definition still has the device then.
  func detach(live: (xml: String, alias: String?)?, config: String?) async throws {
    forgetDevices()
    if let live { try await detachLive(live.xml, live.alias) }
    guard let config else { return }
    try await attempt { try await domain.detachDevice(xml: config, scope: .config) }
  }

  private func detachLive(_ xml: String, _ alias: String?) async throws {
    let isGone: Bool? = try await attempt {
      // Asked for beforehand: libvirt's call may return before the guest let go.
      let removals = try await hypervisor.connection.deviceRemovedEvents(domain: domain)
      let refusals = try await hypervisor.connection.deviceRemovalFailedEvents(domain: domain)
      do {
        try await domain.detachDevice(xml: xml, scope: .live)
      } catch let error as LibvirtError where error.code == .operationInvalid && error.message.contains("unplug") {
        // An earlier attempt is still under way; its end is what is waited for.
      }
      return try await Deadline(after: Self.detachTimeout).limit { [domain] in
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
            while try await Self.hasDevice(alias, domain) { try await ContinuousClock().sleep(for: .milliseconds(500)) }
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
      throw error(
        .failed, "the guest refused to let it go", hint: "stop using it in the guest, and run this again")
    case nil:
      throw error(
        .timedOut, "the guest did not let it go in \(Self.detachTimeout.components.seconds) s",
        hint: "a guest that still boots does not hear of it: run this again, or after nestor stop \(name)")
    }
  }

  private static func hasDevice(_ alias: String?, _ domain: Domain) async throws -> Bool {
    guard let alias, try await domain.isActive() else { return false }
    let devices = try DomainDefinition(xml: try await domain.xml()).devices
    return devices.interfaces.contains { $0.alias == alias } || devices.disks.contains { $0.alias == alias }
  }
}
