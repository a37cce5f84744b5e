import Libvirt
import NestorSupport

/// A guest: a domain of libvirt's, with the files that Nestor keeps for it.
///
/// It remembers name and UUID, and nothing else that others may change meanwhile. What changes a guest needs a
/// ``LockedGuest``.
package struct Guest: Sendable {
  let hypervisor: Hypervisor
  let domain: Domain

  package var name: String { domain.name }
  /// Its UUID, by which its files are named.
  package var uuid: String { domain.uuid }
  /// The directory of its files.
  var directory: String { hypervisor.state.guest(uuid) }

  /// What Nestor knows of it; nil where Nestor did not make it.
  func record() async throws -> GuestRecord? {
    let xml = try await withContext("cannot read the record of guest '\(name)'") {
      try await domain.metadata(namespace: GuestRecord.namespace, scope: .current)
    }
    return xml.flatMap { GuestRecord(xml: $0) }
  }

  /// Its devices, as it runs and at its next start.
  func devices() async throws -> GuestDevices {
    try await withContext("cannot read guest '\(name)'") { try await GuestDevices(of: domain) }
  }

  /// Whether it is defined, and not gone when it stops.
  func isPersistent() async throws -> Bool {
    try await withContext("cannot ask about guest '\(name)'") { try await domain.isPersistent() }
  }
}
