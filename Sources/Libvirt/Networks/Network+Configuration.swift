import CLibvirt
import Glibc

extension Network {
  /// An object for a pointer that stays its owner's, such as a callback's.
  convenience init(sharing pointer: OpaquePointer?, _ connection: Connection) throws {
    let pointer = try Calls.check("virNetworkRef", pointer)
    try Calls.check("virNetworkRef", virNetworkRef(pointer))
    try self.init(taking: pointer, connection)
  }

  /// Whether it is defined, so that it stays when it is stopped.
  public func isPersistent() async throws -> Bool {
    try await call { try Calls.check("virNetworkIsPersistent", virNetworkIsPersistent($0)) == 1 }
  }

  /// Whether it starts with the daemon.
  public func autostart() async throws -> Bool {
    try await call { network in
      var value: Int32 = 0
      try Calls.check("virNetworkGetAutostart", virNetworkGetAutostart(network, &value))
      return value != 0
    }
  }

  /// Makes it start with the daemon, or not; only for a network that is defined.
  public func setAutostart(_ value: Bool) async throws {
    _ = try await call { try Calls.check("virNetworkSetAutostart", virNetworkSetAutostart($0, value ? 1 : 0)) }
  }

  /// Changes one element of its XML, of the running network or of its definition, without a restart.
  ///
  /// `parentIndex` says which of several parents the element is in, such as the `<ip>` of a `<host>`; -1 leaves it to
  /// libvirt, which takes the first that fits. See https://libvirt.org/formatnetwork.html.
  public func update(
    _ command: NetworkUpdateCommand, _ section: NetworkUpdateSection, xml: String, parentIndex: Int32 = -1,
    scope: ModificationScope = .current
  ) async throws {
    _ = try await call { network in
      try Calls.check(
        "virNetworkUpdate",
        virNetworkUpdate(network, command.number, section.number, parentIndex, xml, scope.rawValue))
    }
  }

  /// The addresses that its DHCP server gave away, all of them or those of one NIC.
  public func leases(mac: String? = nil) async throws -> [DHCPLease] {
    try await call { network in
      var list: UnsafeMutablePointer<virNetworkDHCPLeasePtr?>?
      let count = try Calls.check("virNetworkGetDHCPLeases", virNetworkGetDHCPLeases(network, mac, &list, 0))
      guard let list else { return [] }
      defer {
        for index in 0..<Int(count) { virNetworkDHCPLeaseFree(list[index]) }
        free(list)
      }
      return (0..<Int(count)).compactMap { index in list[index].flatMap { DHCPLease($0.pointee) } }
    }
  }
}
