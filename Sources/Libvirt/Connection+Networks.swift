import CLibvirt

extension Connection {
  /// All networks, active or not, in no order.
  public func networks() async throws -> [Network] {
    try await call { connection in
      try Calls.list("virConnectListAllNetworks", { virConnectListAllNetworks(connection, $0, 0) }) {
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

  /// Defines a network; it is not started.
  public func defineNetwork(xml: String) async throws -> Network {
    try await call { connection in
      try Network(taking: try Calls.check("virNetworkDefineXML", virNetworkDefineXML(connection, xml)), self)
    }
  }
}
