import CLibvirt

/// A virtual network, see https://libvirt.org/html/libvirt-libvirt-network.html.
public final class Network: Sendable {
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
    handle = Handle(pointer) { virNetworkFree($0) }
    name = try Calls.borrowed("virNetworkGetName", virNetworkGetName(pointer))
    var text = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
    try Calls.check("virNetworkGetUUIDString", virNetworkGetUUIDString(pointer, &text))
    uuid = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    try await CallExecutor.shared.run { [handle] in try body(handle.pointer) }
  }

  /// Whether it runs.
  public func isActive() async throws -> Bool {
    try await call { try Calls.check("virNetworkIsActive", virNetworkIsActive($0)) == 1 }
  }

  /// Starts it: bridge, DHCP and firewall rules.
  public func start() async throws {
    _ = try await call { try Calls.check("virNetworkCreate", virNetworkCreate($0)) }
  }

  /// Stops it; guests that are attached lose it.
  public func destroy() async throws {
    _ = try await call { try Calls.check("virNetworkDestroy", virNetworkDestroy($0)) }
  }

  /// Takes the definition away.
  public func undefine() async throws {
    _ = try await call { try Calls.check("virNetworkUndefine", virNetworkUndefine($0)) }
  }

  /// Its XML, see https://libvirt.org/formatnetwork.html; `inactive` is that of its next start.
  public func xml(inactive: Bool = false) async throws -> String {
    let flags = inactive ? UInt32(VIR_NETWORK_XML_INACTIVE.rawValue) : 0
    return try await call { try Calls.string("virNetworkGetXMLDesc", virNetworkGetXMLDesc($0, flags)) }
  }

  /// The name of its bridge.
  public func bridgeName() async throws -> String {
    try await call { try Calls.string("virNetworkGetBridgeName", virNetworkGetBridgeName($0)) }
  }
}
