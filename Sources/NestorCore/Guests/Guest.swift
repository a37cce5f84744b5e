import Libvirt
import LibvirtFailures
import NestorSupport

/// A guest: a domain of libvirt's, with the files that Nestor keeps for it.
///
/// It remembers nothing, so it stays right whatever others do to the guest meanwhile. What changes a guest needs a
/// ``LockedGuest``.
public struct Guest: Sendable {
  /// The hypervisor that has it.
  let hypervisor: Hypervisor
  /// Its domain.
  let domain: Domain

  /// Its name.
  public var name: String { domain.name }
  /// Its UUID, by which its files are named.
  public var uuid: String { domain.uuid }
  /// The directory of its files.
  var directory: String { hypervisor.state.guest(uuid) }

  /// Its devices, as it runs and at its next start.
  func devices() async throws -> GuestDevices {
    try await explaining("cannot read guest '\(name)'") { try await GuestDevices(of: domain) }
  }

  /// Whether it is defined, and not gone when it stops.
  func isPersistent() async throws -> Bool {
    try await explaining("cannot ask about guest '\(name)'") { try await domain.isPersistent() }
  }
}

extension Hypervisor {
  /// The guest of a name or, where it looks like one, of a UUID.
  ///
  /// Throws ``NestorError`` of code `notFound` where there is none.
  public func guest(_ name: String) async throws -> Guest {
    Guest(hypervisor: self, domain: try await domain(name))
  }
}
