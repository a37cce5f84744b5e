import CLibvirt
import Glibc

/// A device of the host, see https://libvirt.org/html/libvirt-libvirt-nodedev.html.
public final class NodeDevice: Sendable {
  let handle: Handle
  /// The connection that it was got from.
  public let connection: Connection
  /// Its name, such as `pci_0000_00_1f_2`.
  public let name: String

  /// Takes over a reference of the caller's, which is given back even when this fails.
  init(taking pointer: OpaquePointer, _ connection: Connection) throws {
    self.connection = connection
    handle = Handle(pointer) { virNodeDeviceFree($0) }
    name = try Calls.borrowed("virNodeDeviceGetName", virNodeDeviceGetName(pointer))
  }

  /// An object for a pointer that stays its owner's, such as a callback's.
  convenience init(sharing pointer: OpaquePointer?, _ connection: Connection) throws {
    let pointer = try Calls.check("virNodeDeviceRef", pointer)
    try Calls.check("virNodeDeviceRef", virNodeDeviceRef(pointer))
    try self.init(taking: pointer, connection)
  }

  /// Runs a blocking call with the device's pointer off Swift's threads.
  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    try await CallExecutor.shared.run { [handle] in try body(handle.pointer) }
  }

  /// Its XML, see https://libvirt.org/formatnode.html.
  public func xml() async throws -> String {
    try await call { try Calls.string("virNodeDeviceGetXMLDesc", virNodeDeviceGetXMLDesc($0, 0)) }
  }

  /// The name of the device that it hangs on; nil for the host itself.
  public func parentName() async throws -> String? {
    // No parent is no failure, and libvirt says the same for both: null.
    try await call { virNodeDeviceGetParent($0).map { String(cString: $0) } }
  }

  /// What it can do, by libvirt's words such as `pci` or `net`.
  public func capabilities() async throws -> [String] {
    try await call { device in
      let count = Int(try Calls.check("virNodeDeviceNumOfCaps", virNodeDeviceNumOfCaps(device)))
      var names = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      let filled = try Calls.check("virNodeDeviceListCaps", virNodeDeviceListCaps(device, &names, Int32(count)))
      return names.prefix(Int(filled)).compactMap { name in
        guard let name else { return nil }
        defer { free(name) }
        return String(cString: name)
      }
    }
  }
}
