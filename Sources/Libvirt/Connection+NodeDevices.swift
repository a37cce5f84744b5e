import CLibvirt

extension Connection {
  /// The host's devices that the filter lets through, in no order.
  public func nodeDevices(_ filter: NodeDeviceFilter = []) async throws -> [NodeDevice] {
    try await call { connection in
      try Calls.list(
        "virConnectListAllNodeDevices", { virConnectListAllNodeDevices(connection, $0, filter.rawValue) }
      ) {
        try NodeDevice(taking: $0, self)
      }
    }
  }

  /// The host's device of a name; an error with code ``ErrorCode/noNodeDevice`` where there is none.
  public func nodeDevice(named name: String) async throws -> NodeDevice {
    try await call { connection in
      try NodeDevice(
        taking: try Calls.check("virNodeDeviceLookupByName", virNodeDeviceLookupByName(connection, name)), self)
    }
  }
}
