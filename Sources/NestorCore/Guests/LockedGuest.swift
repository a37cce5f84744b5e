import Libvirt
import NestorSupport
import Synchronization

/// A guest on which no other Nestor works meanwhile.
///
/// ``Guest/withLock(to:timeout:_:)`` and ``Hypervisor/withLocks(on:to:timeout:_:)`` take the lock and make one,
/// ``Hypervisor/held(_:to:)`` where it is held already, such as by the maker of the guest.
///
/// Its record and its devices are read once, until it writes them itself.
final class LockedGuest: Sendable {
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
  var uuid: String { guest.uuid }
  var directory: String { guest.directory }
  var agent: AgentChannel { guest.agent }
  var snapshots: GuestSnapshots { guest.snapshots }

  /// The message of what fails: "cannot change guest 'web'".
  var failure: String { "cannot \(verb) guest '\(name)'" }

  /// An error of what is being done.
  func error(_ code: NestorError.Code, _ cause: String, hint: String? = nil) -> NestorError {
    NestorError(code, failure, cause: cause, hint: hint)
  }

  /// Runs `body`; what libvirt or the system throws comes out as an error of what is being done.
  func attempt<Value>(_ body: () async throws -> Value) async throws -> Value {
    try await withContext(failure, body)
  }

  /// What Nestor knows of the guest; nil where Nestor did not make it.
  func record() async throws -> GuestRecord? {
    if let record = known.withLock({ $0.record }) { return record }
    let record = try await guest.record()
    known.withLock { $0.record = .some(record) }
    return record
  }

  /// Writes what Nestor knows of the guest, for now and for later starts.
  func write(_ record: GuestRecord) async throws {
    known.withLock { $0.record = nil }
    try await withContext("cannot write the record of guest '\(name)'") {
      let xml = try record.bareTree().serialized()
      let set: (ModificationScope) async throws -> Void = { [domain] scope in
        try await domain.setMetadata(
          xml, prefix: GuestRecord.prefix, namespace: GuestRecord.namespace, scope: scope)
      }
      do {
        try await set(try await domain.isActive() ? .liveAndConfig : .config)
      } catch let error as LibvirtError where error.code == .operationInvalid {
        // It may have ended after it was asked.
        guard try await !domain.isActive() else { throw error }
        try await set(.config)
      }
    }
    known.withLock { $0.record = .some(record) }
  }

  func devices() async throws -> GuestDevices {
    if let devices = known.withLock({ $0.devices }) { return devices }
    let devices = try await guest.devices()
    known.withLock { $0.devices = devices }
    return devices
  }

  /// Has the devices read again, after a change of them.
  func forgetDevices() { known.withLock { $0.devices = nil } }

  /// Has record and devices read again, after a change of the guest as a whole.
  func forget() { known.withLock { $0 = Known() } }

  /// Refuses a guest that another program left half made or half deleted.
  func requireComplete() async throws {
    try await record()?.requireComplete(name, to: verb)
  }
}

extension Guest {
  /// Runs `body` while no other Nestor works on the guest.
  ///
  /// Errors say that one "cannot `verb` guest 'web'". Throws ``NestorError`` of code `busy` where another Nestor has the
  /// guest for longer than `timeout`.
  func withLock<Value: Sendable>(
    to verb: String, timeout: Duration = .seconds(120), _ body: (LockedGuest) async throws -> Value
  ) async throws -> Value {
    try await hypervisor.lockingNames([name], to: verb, timeout: timeout) {
      try await body(try await lookedUpUnderLock(to: verb))
    }
  }

  /// The guest as it is now that the caller holds its lock, after the end of work that was cut off; refuses one that was
  /// deleted or renamed while its lock was waited for, which goes by its name.
  func lookedUpUnderLock(to verb: String) async throws -> LockedGuest {
    await hypervisor.tryEndingRenewal(of: name)
    let locked: LockedGuest
    do {
      locked = hypervisor.held(try await hypervisor.connection.domain(uuid: uuid), to: verb)
    } catch let failed as LibvirtError where failed.code == .noDomain {
      let isNameFree = (try? await hypervisor.connection.domain(named: name)) == nil
      throw NestorError(
        .notFound, "cannot \(verb) guest '\(name)'", cause: "it was deleted meanwhile",
        hint: isNameFree ? nil : "another guest has its name now: run this again")
    } catch {
      throw NestorError(wrapping: error, "cannot \(verb) guest '\(name)'")
    }
    guard locked.name == name else {
      throw NestorError(
        .notFound, "cannot \(verb) guest '\(name)'", cause: "it was renamed meanwhile, to '\(locked.name)'")
    }
    try await unbroken { try await locked.recover() }
    return locked
  }
}

extension Hypervisor {
  /// A guest whose lock is held already: by work on several guests, or on one that was not there when it began.
  func held(_ domain: Domain, to verb: String) -> LockedGuest {
    LockedGuest(holding: guest(domain), to: verb)
  }
}
