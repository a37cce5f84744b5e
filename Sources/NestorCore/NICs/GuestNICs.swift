import DomainXML
import Libvirt
import NestorSupport
import Templates

/// The NICs of a guest. One is named by its place in the list, or by its MAC address.
package struct GuestNICs: Sendable {
  let guest: Guest

  /// The NICs in their order.
  package func list() async throws -> [NICSummary] {
    let devices = try await guest.devices()
    let addresses = devices.live == nil ? [] : (try? await guest.domain.interfaceAddresses(.lease)) ?? []
    return devices.present.interfaces.enumerated().map { index, nic in
      NICSummary(
        index: index, mac: nic.mac ?? "-", source: nic.source.text, model: nic.model?.rawValue ?? "-",
        isLinkUp: nic.isLinkUp ?? true,
        addresses: addresses.filter { $0.mac == nic.mac }.flatMap(\.addresses).map { "\($0.address)/\($0.prefix)" },
        device: devices.live == nil ? nil : nic.targetDevice)
    }
  }

  /// Adds a NIC, at once where the guest runs and for later starts; returns its MAC address.
  ///
  /// Throws ``NestorError`` of code `unsupported` for a vhost-user NIC, whose switch needs the guest's memory from its start.
  @discardableResult
  package func add(_ nic: GuestTemplate.NetworkCard) async throws -> String {
    try await guest.withLock(to: "add a NIC to") { try await $0.addNIC(nic) }
  }

  /// Takes a NIC from the guest, with the address that is kept for it; returns its MAC address.
  @discardableResult
  package func remove(_ nic: String) async throws -> String {
    try await guest.withLock(to: "remove the NIC \(nic) from") { try await $0.removeNIC(nic) }
  }

  /// Sets the link of a NIC up or down, at once where the guest runs and for later starts.
  package func setLink(of nic: String, up: Bool) async throws {
    try await guest.withLock(to: "set the link \(up ? "up" : "down") of the NIC \(nic) of") {
      try await $0.setLink(of: nic, up: up)
    }
  }
}

extension Guest {
  package var nics: GuestNICs { GuestNICs(guest: self) }
}
