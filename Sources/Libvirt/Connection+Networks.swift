import CLibvirt

extension Connection {
  /// The networks that the filter lets through, in no order.
  public func networks(_ filter: NetworkFilter = []) async throws -> [Network] {
    try await call { connection in
      try Calls.list("virConnectListAllNetworks", { virConnectListAllNetworks(connection, $0, filter.rawValue) }) {
        try Network(taking: $0, self)
      }
    }
  }

  /// The network of a name; an error with code ``ErrorCode/noNetwork`` where there is none.
  public func network(named name: String) async throws -> Network {
    try await call { connection in
      try Network(taking: try Calls.check("virNetworkLookupByName", virNetworkLookupByName(connection, name)), self)
    }
  }

  /// The network of a UUID in its usual form.
  public func network(uuid: String) async throws -> Network {
    try await call { connection in
      try Network(
        taking: try Calls.check("virNetworkLookupByUUIDString", virNetworkLookupByUUIDString(connection, uuid)), self)
    }
  }

  /// Defines a network, or redefines the one of the same name and UUID; it is not started. `validate` checks the XML
  /// against libvirt's schema.
  public func defineNetwork(xml: String, validate: Bool = false) async throws -> Network {
    let flags = validate ? UInt32(VIR_NETWORK_DEFINE_VALIDATE.rawValue) : 0
    return try await call { connection in
      try Network(
        taking: try Calls.check("virNetworkDefineXMLFlags", virNetworkDefineXMLFlags(connection, xml, flags)), self)
    }
  }

  /// Starts a network that is gone again when it is stopped.
  public func createNetwork(xml: String, validate: Bool = false) async throws -> Network {
    let flags = validate ? UInt32(VIR_NETWORK_CREATE_VALIDATE.rawValue) : 0
    return try await call { connection in
      try Network(
        taking: try Calls.check("virNetworkCreateXMLFlags", virNetworkCreateXMLFlags(connection, xml, flags)), self)
    }
  }
}
