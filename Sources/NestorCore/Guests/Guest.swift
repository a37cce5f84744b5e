import Libvirt
import LibvirtFailures
import NestorSupport

/// A guest: a domain of libvirt's, with the files that Nestor keeps for it.
///
/// It remembers name and UUID, and nothing else that others may change meanwhile. What changes a guest needs a
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
  /// The guest that a domain of this connection is.
  func guest(_ domain: Domain) -> Guest { Guest(hypervisor: self, domain: domain) }

  /// The guest of a name or, where it looks like one, of a UUID; one that is just being made is waited for.
  ///
  /// Throws ``NestorError`` of code `notFound` where there is none.
  public func guest(_ name: String) async throws -> Guest {
    do {
      return guest(try await domain(name))
    } catch let error as NestorError where error.code == .notFound {
      // Whoever holds the lock of a name that no guest has makes one, or has just been through with it.
      let lock = state.lock("guest", name)
      guard (try? FileLock.isFree(lock)) == false else { return guest(try await domain(name)) }
      return try await FileLock.holding(lock, purpose: "find guest '\(name)'", seconds: 120) {
        guest(try await domain(name))
      }
    }
  }

  /// The guests of these names, each once, see ``guest(_:)``.
  public func guests(_ names: [String]) async throws -> [Guest] {
    var guests: [Guest] = []
    for name in names {
      let guest = try await guest(name)
      if !guests.contains(where: { $0.uuid == guest.uuid }) { guests.append(guest) }
    }
    return guests
  }
}
