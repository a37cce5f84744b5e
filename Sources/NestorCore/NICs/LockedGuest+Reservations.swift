import DomainXML
import Libvirt
import NestorSupport

extension LockedGuest {
  /// The NICs of its next start.
  func configuredNICs() async throws -> [NetworkInterface] {
    try await withContext("cannot read guest '\(name)'") {
      try DomainDefinition(xml: try await domain.xml(.inactive)).devices.interfaces
    }
  }

  /// Lets DHCP servers keep an address for each of its NICs, see ``Hypervisor/reserveAddresses(of:_:wanted:)``.
  func reserveAddresses() async throws {
    try await hypervisor.reserveAddresses(of: name, try await configuredNICs())
  }

  /// Reserves what it lacks for these NICs before it starts: its network may not have been there when it was made.
  func keepAddresses(of nics: [NetworkInterface]) async {
    do {
      try await hypervisor.reserveAddresses(of: name, nics)
    } catch {
      // It gets an address all the same.
      hypervisor.warn("\(error)")
    }
  }

  /// Gives back the addresses of NICs that it does not have any more, and has those kept that it has again; warns where
  /// that cannot be done, because the guest is what it was to be.
  func reserveAddressesAgain(_ before: [NetworkInterface]) async {
    do {
      try await withContext("cannot see to the addresses of guest '\(name)'") {
        let after = try await configuredNICs()
        let places = { (nics: [NetworkInterface]) in nics.map { [$0.mac?.lowercased(), $0.networkName] } }
        guard places(before) != places(after) else { return }
        let gone = before.filter { old in !after.contains { $0.mac == old.mac && $0.networkName == old.networkName } }
        try await hypervisor.releaseAddresses(of: name, gone)
        await keepAddresses(of: after)
      }
    } catch {
      hypervisor.warn("\(error)")
    }
  }

  /// Takes back the addresses that were reserved for it.
  func releaseAddresses() async throws {
    try await withContext("cannot take back the addresses of guest '\(name)'") {
      try await hypervisor.releaseAddresses(of: name, try await configuredNICs())
    }
  }
}
