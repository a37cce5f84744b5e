import CLibvirt

extension Connection {
  /// All network filters, in no order.
  public func nwFilters() async throws -> [NWFilter] {
    try await call { connection in
      try Calls.list("virConnectListAllNWFilters", { virConnectListAllNWFilters(connection, $0, 0) }) {
        try NWFilter(taking: $0, self)
      }
    }
  }

  /// The network filter of a name; an error with code ``ErrorCode/noNWFilter`` where there is none.
  public func nwFilter(named name: String) async throws -> NWFilter {
    try await call { connection in
      try NWFilter(
        taking: try Calls.check("virNWFilterLookupByName", virNWFilterLookupByName(connection, name)), self)
    }
  }

  /// The network filter of a UUID in its usual form.
  public func nwFilter(uuid: String) async throws -> NWFilter {
    try await call { connection in
      try NWFilter(
        taking: try Calls.check("virNWFilterLookupByUUIDString", virNWFilterLookupByUUIDString(connection, uuid)),
        self)
    }
  }

  /// Defines a network filter, or redefines the one of the same name and UUID, in guests that run, too.
  ///
  /// `validate` checks the XML against libvirt's schema, see https://libvirt.org/formatnwfilter.html.
  public func defineNWFilter(xml: String, validate: Bool = false) async throws -> NWFilter {
    let flags = validate ? UInt32(VIR_NWFILTER_DEFINE_VALIDATE.rawValue) : 0
    return try await call { connection in
      try NWFilter(
        taking: try Calls.check("virNWFilterDefineXMLFlags", virNWFilterDefineXMLFlags(connection, xml, flags)), self)
    }
  }
}
