import CLibvirt

/// A network filter: firewall rules for guests' NICs, see https://libvirt.org/html/libvirt-libvirt-nwfilter.html.
public final class NWFilter: Sendable {
  let handle: Handle
  /// The connection that it was got from.
  public let connection: Connection
  /// Its name.
  public let name: String
  /// The UUID, in lower case with hyphens.
  public let uuid: String

  /// Takes over a reference of the caller's, which is given back even when this fails.
  init(taking pointer: OpaquePointer, _ connection: Connection) throws {
    self.connection = connection
    handle = Handle(pointer) { virNWFilterFree($0) }
    name = try Calls.borrowed("virNWFilterGetName", virNWFilterGetName(pointer))
    uuid = try Calls.uuid("virNWFilterGetUUIDString") { virNWFilterGetUUIDString(pointer, $0) }
  }

  /// Runs a blocking call with the filter's pointer off Swift's threads.
  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    try await CallExecutor.shared.run { [handle] in try body(handle.pointer) }
  }

  /// Its XML, see https://libvirt.org/formatnwfilter.html.
  public func xml() async throws -> String {
    try await call { try Calls.string("virNWFilterGetXMLDesc", virNWFilterGetXMLDesc($0, 0)) }
  }

  /// Takes it away; refused while a guest uses it.
  public func undefine() async throws {
    _ = try await call { try Calls.check("virNWFilterUndefine", virNWFilterUndefine($0)) }
  }
}
