import Libvirt
import LibvirtFailures
import NestorSupport
import Synchronization

/// A guest on which no other Nestor works meanwhile; ``Guest/withLock(to:seconds:_:)`` makes one, or
/// ``Hypervisor/held(_:to:)`` where the lock is held already.
///
/// Its record and its devices are read once, until it writes them itself.
final class LockedGuest: Sendable {
  /// The guest.
  let guest: Guest
  /// What is being done to it, to follow "cannot" and to stand before its name.
  private let verb: String
  private let known = Mutex(Known())

  private struct Known {
    /// The record, once it was read; nil inside for a guest that Nestor did not make.
    var record: GuestRecord??
    var devices: GuestDevices?
  }

  /// Takes a guest whose lock is held.
  fileprivate init(holding guest: Guest, to verb: String) {
    self.guest = guest
    self.verb = verb
  }

  var hypervisor: Hypervisor { guest.hypervisor }
  var domain: Domain { guest.domain }
  var name: String { guest.name }

  /// The message of what fails: "cannot change guest 'web'".
  var failure: String { "cannot \(verb) guest '\(name)'" }

  /// An error of what is being done.
  func error(_ code: NestorError.Code, _ cause: String, hint: String? = nil) -> NestorError {
    NestorError(code, failure, cause: cause, hint: hint)
  }

  /// Runs `body`; what libvirt or the system throws comes out as an error of what is being done.
  func attempt<Value>(_ body: () async throws -> Value) async throws -> Value {
    try await explaining(failure, body)
  }

  /// What Nestor knows of the guest; nil where Nestor did not make it.
  func record() async throws -> GuestRecord? {
    if let record = known.withLock({ $0.record }) { return record }
    let record = try await hypervisor.record(of: domain)
    known.withLock { $0.record = .some(record) }
    return record
  }

  /// Writes what Nestor knows of the guest.
  func write(_ record: GuestRecord) async throws {
    known.withLock { $0.record = nil }
    try await hypervisor.write(record, to: domain)
    known.withLock { $0.record = .some(record) }
  }

  /// The devices of the guest.
  func devices() async throws -> GuestDevices {
    if let devices = known.withLock({ $0.devices }) { return devices }
    let devices = try await guest.devices()
    known.withLock { $0.devices = devices }
    return devices
  }

  /// Has the devices read again, after a change of them.
  func forgetDevices() { known.withLock { $0.devices = nil } }

  /// The guest as it is now; refuses one that was deleted or renamed while its lock was waited for, which goes by its name.
  fileprivate func lookedUpAgain() async throws -> LockedGuest {
    do {
      let domain = try await hypervisor.connection.domain(uuid: guest.uuid)
      guard domain.name != name else { return hypervisor.held(domain, to: verb) }
      throw error(.notFound, "it was renamed meanwhile, to '\(domain.name)'")
    } catch let failed as LibvirtError where failed.code == .noDomain {
      let isNameFree = (try? await hypervisor.connection.domain(named: name)) == nil
      throw error(
        .notFound, "it was deleted meanwhile",
        hint: isNameFree ? nil : "another guest has its name now: run this again")
    } catch let failed as LibvirtError {
      throw NestorError(explaining: failed, failure)
    }
  }

  /// Refuses a guest that another program left half made or half deleted.
  func requireComplete() async throws {
    try hypervisor.refuseUnfinished(try await record(), name, to: verb)
  }

  /// Refuses a guest that sleeps: it wakes with the devices that it had, whatever is defined meanwhile.
  func requireAwake() async throws {
    try await hypervisor.requireAwake(domain, failure)
  }
}

extension Guest {
  /// Runs `body` while no other Nestor works on the guest.
  ///
  /// Errors say that one "cannot `verb` guest 'web'". Throws ``NestorError`` of code `busy` where another Nestor has the
  /// guest for longer than `seconds`.
  func withLock<Value: Sendable>(
    to verb: String, seconds: Double = 120, _ body: (LockedGuest) async throws -> Value
  ) async throws -> Value {
    try await hypervisor.locking(name, to: verb, seconds: seconds) {
      try await body(try await LockedGuest(holding: self, to: verb).lookedUpAgain())
    }
  }
}

extension Hypervisor {
  /// A guest whose lock is held already: by work on several guests, or on one that was not there when it began.
  func held(_ domain: Domain, to verb: String) -> LockedGuest {
    LockedGuest(holding: guest(domain), to: verb)
  }
}
