import CLibvirt
import Glibc

/// A secret that libvirt keeps for disks, TPMs and the like, see
/// https://libvirt.org/html/libvirt-libvirt-secret.html.
public final class Secret: Sendable {
  let handle: Handle
  /// The connection that it was got from.
  public let connection: Connection
  /// The UUID, in lower case with hyphens.
  public let uuid: String
  /// What it is for.
  public let usage: SecretUsage
  /// Which of the things of its usage it is for, such as a volume's path.
  public let usageID: String

  /// Takes over a reference of the caller's, which is given back even when this fails.
  init(taking pointer: OpaquePointer, _ connection: Connection) throws {
    self.connection = connection
    handle = Handle(pointer) { virSecretFree($0) }
    uuid = try Calls.uuid("virSecretGetUUIDString") { virSecretGetUUIDString(pointer, $0) }
    usage = SecretUsage(number: try Calls.check("virSecretGetUsageType", virSecretGetUsageType(pointer)))
    usageID = try Calls.borrowed("virSecretGetUsageID", virSecretGetUsageID(pointer))
  }

  /// An object for a pointer that stays its owner's, such as a callback's.
  convenience init(sharing pointer: OpaquePointer?, _ connection: Connection) throws {
    let pointer = try Calls.check("virSecretRef", pointer)
    try Calls.check("virSecretRef", virSecretRef(pointer))
    try self.init(taking: pointer, connection)
  }

  /// Runs a blocking call with the secret's pointer off Swift's threads.
  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    try await CallExecutor.shared.run { [handle] in try body(handle.pointer) }
  }

  /// Its XML without the value, see https://libvirt.org/formatsecret.html.
  public func xml() async throws -> String {
    try await call { try Calls.string("virSecretGetXMLDesc", virSecretGetXMLDesc($0, 0)) }
  }

  /// Its value; an error with code ``ErrorCode/secretInvalid`` for a private one, and with ``ErrorCode/noSecret`` before
  /// a value was set. Refused on a read-only connection.
  public func value() async throws -> [UInt8] {
    try await call { secret in
      var size = 0
      let bytes = try Calls.check("virSecretGetValue", virSecretGetValue(secret, &size, 0))
      defer {
        // What is freed may be given to anybody: nothing of a secret stays in it.
        explicit_bzero(bytes, size)
        free(bytes)
      }
      return Array(UnsafeBufferPointer(start: bytes, count: size))
    }
  }

  /// Sets its value, of any bytes; libvirt refuses an empty one.
  public func setValue(_ value: [UInt8]) async throws {
    _ = try await call { try Calls.check("virSecretSetValue", virSecretSetValue($0, value, value.count, 0)) }
  }

  /// Takes it away with its value.
  public func undefine() async throws {
    _ = try await call { try Calls.check("virSecretUndefine", virSecretUndefine($0)) }
  }
}
