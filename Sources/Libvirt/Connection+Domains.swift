import CLibvirt

/// Which domains a list holds, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectListAllDomainsFlags. Nothing set means all.
public struct DomainFilter: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A filter of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Those that run.
  public static let active = Self(VIR_CONNECT_LIST_DOMAINS_ACTIVE)
  /// Those that do not run.
  public static let inactive = Self(VIR_CONNECT_LIST_DOMAINS_INACTIVE)
  /// Those that are defined.
  public static let persistent = Self(VIR_CONNECT_LIST_DOMAINS_PERSISTENT)
  /// Those that are gone when they end.
  public static let transient = Self(VIR_CONNECT_LIST_DOMAINS_TRANSIENT)
  /// Those whose memory is saved.
  public static let managedSave = Self(VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE)
}

extension Connection {
  /// The domains that the filter lets through, in no order.
  public func domains(_ filter: DomainFilter = []) async throws -> [Domain] {
    try await call { connection in
      try Calls.list("virConnectListAllDomains", { virConnectListAllDomains(connection, $0, filter.rawValue) }) {
        try Domain(taking: $0, self)
      }
    }
  }

  /// The domain of a name; an error with code ``ErrorCode/noDomain`` where there is none.
  public func domain(named name: String) async throws -> Domain {
    try await call { connection in
      try Domain(taking: try Calls.check("virDomainLookupByName", virDomainLookupByName(connection, name)), self)
    }
  }

  /// The domain of a UUID in its usual form.
  public func domain(uuid: String) async throws -> Domain {
    try await call { connection in
      try Domain(
        taking: try Calls.check("virDomainLookupByUUIDString", virDomainLookupByUUIDString(connection, uuid)), self)
    }
  }

  /// Defines a domain, or redefines the one of the same name and UUID; it is not started.
  public func defineDomain(xml: String, _ flags: DomainDefineFlags = []) async throws -> Domain {
    try await call { connection in
      try Domain(
        taking: try Calls.check("virDomainDefineXMLFlags", virDomainDefineXMLFlags(connection, xml, flags.rawValue)),
        self)
    }
  }

  /// Starts a domain that is gone again when it ends.
  public func createDomain(xml: String, _ flags: DomainStartFlags = []) async throws -> Domain {
    try await call { connection in
      try Domain(
        taking: try Calls.check("virDomainCreateXML", virDomainCreateXML(connection, xml, flags.rawValue)), self)
    }
  }

  /// Statistics of all domains, or of those that the filter lets through, in one call.
  public func domainStatistics(
    _ kinds: DomainStatistics.Kinds = [], _ filter: DomainFilter = []
  ) async throws -> [DomainStatistics] {
    try await call { connection in
      var records: UnsafeMutablePointer<virDomainStatsRecordPtr?>?
      let count = try Calls.check(
        "virConnectGetAllDomainStats",
        virConnectGetAllDomainStats(connection, kinds.rawValue, &records, filter.rawValue))
      guard let records else { return [] }
      defer { virDomainStatsRecordListFree(records) }
      return try (0..<Int(count)).compactMap { index in
        guard let record = records[index], let pointer = record.pointee.dom else { return nil }
        // The list's own reference goes with the list, so the object takes one of its own.
        try Calls.check("virDomainRef", virDomainRef(pointer))
        return DomainStatistics(
          domain: try Domain(taking: pointer, self),
          values: TypedParameters.dictionary(record.pointee.params, count: Int(record.pointee.nparams)))
      }
    }
  }
}
