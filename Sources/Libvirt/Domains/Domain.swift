import CLibvirt

/// A domain, see https://libvirt.org/html/libvirt-libvirt-domain.html.
///
/// The object stands for the domain of a UUID, whether it runs or not; when the domain goes, calls fail with
/// ``ErrorCode/noDomain``.
public final class Domain: Sendable {
  let handle: Handle
  /// The connection that it was got from.
  public let connection: Connection
  /// The name that it had when the object was made.
  public let name: String
  /// The UUID, in lower case with hyphens.
  public let uuid: String

  /// Takes over a reference of the caller's, which is given back even when this fails.
  init(taking pointer: OpaquePointer, _ connection: Connection) throws {
    self.connection = connection
    handle = Handle(pointer) { virDomainFree($0) }
    name = try Calls.borrowed("virDomainGetName", virDomainGetName(pointer))
    var text = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
    try Calls.check("virDomainGetUUIDString", virDomainGetUUIDString(pointer, &text))
    uuid = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Runs a blocking call with the domain's pointer off Swift's threads.
  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    try await CallExecutor.shared.run { [handle] in try body(handle.pointer) }
  }

  /// What the domain does, and why.
  public func state() async throws -> DomainState {
    try await call { domain in
      var state: Int32 = 0
      var reason: Int32 = 0
      try Calls.check("virDomainGetState", virDomainGetState(domain, &state, &reason, 0))
      return DomainState(state, reason)
    }
  }

  /// State, memory, CPUs and CPU time.
  public func info() async throws -> DomainInfo {
    try await call { domain in
      var info = virDomainInfo()
      try Calls.check("virDomainGetInfo", virDomainGetInfo(domain, &info))
      return DomainInfo(info)
    }
  }

  /// The number of a domain that runs; nil for others.
  public func id() async throws -> UInt32? {
    try await call { domain in
      let id = virDomainGetID(domain)
      return id == UInt32.max ? nil : id
    }
  }

  /// Whether it runs, in any way.
  public func isActive() async throws -> Bool {
    try await call { try Calls.check("virDomainIsActive", virDomainIsActive($0)) == 1 }
  }

  /// Whether it is defined, so that it stays when it ends.
  public func isPersistent() async throws -> Bool {
    try await call { try Calls.check("virDomainIsPersistent", virDomainIsPersistent($0)) == 1 }
  }

  /// Whether its definition was changed since it was started.
  public func isUpdated() async throws -> Bool {
    try await call { try Calls.check("virDomainIsUpdated", virDomainIsUpdated($0)) == 1 }
  }

  /// Its XML.
  public func xml(_ flags: DomainXMLFlags = []) async throws -> String {
    try await call { try Calls.string("virDomainGetXMLDesc", virDomainGetXMLDesc($0, flags.rawValue)) }
  }

  /// Whether it starts with the daemon.
  public func autostart() async throws -> Bool {
    try await call { domain in
      var value: Int32 = 0
      try Calls.check("virDomainGetAutostart", virDomainGetAutostart(domain, &value))
      return value != 0
    }
  }

  /// Makes it start with the daemon, or not.
  public func setAutostart(_ value: Bool) async throws {
    _ = try await call { try Calls.check("virDomainSetAutostart", virDomainSetAutostart($0, value ? 1 : 0)) }
  }
}
