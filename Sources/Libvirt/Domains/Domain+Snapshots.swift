import CLibvirt

extension Domain {
  /// Makes a snapshot as the XML says, see https://libvirt.org/formatsnapshot.html.
  public func createSnapshot(xml: String, _ flags: SnapshotCreateFlags = []) async throws -> DomainSnapshot {
    try await call { domain in
      try DomainSnapshot(
        taking: try Calls.check(
          "virDomainSnapshotCreateXML", virDomainSnapshotCreateXML(domain, xml, flags.rawValue)), self)
    }
  }

  /// The domain's snapshots.
  public func snapshots(_ flags: SnapshotListFlags = []) async throws -> [DomainSnapshot] {
    try await call { domain in
      try Calls.list("virDomainListAllSnapshots", { virDomainListAllSnapshots(domain, $0, flags.rawValue) }) {
        try DomainSnapshot(taking: $0, self)
      }
    }
  }

  /// The snapshot of a name; an error with code ``ErrorCode/noDomainSnapshot`` where there is none.
  public func snapshot(named name: String) async throws -> DomainSnapshot {
    try await call { domain in
      try DomainSnapshot(
        taking: try Calls.check("virDomainSnapshotLookupByName", virDomainSnapshotLookupByName(domain, name, 0)), self)
    }
  }

  /// Whether the domain goes on from a snapshot.
  public func hasCurrentSnapshot() async throws -> Bool {
    try await call { try Calls.check("virDomainHasCurrentSnapshot", virDomainHasCurrentSnapshot($0, 0)) == 1 }
  }

  /// The snapshot from which the domain goes on.
  public func currentSnapshot() async throws -> DomainSnapshot {
    try await call { domain in
      try DomainSnapshot(
        taking: try Calls.check("virDomainSnapshotCurrent", virDomainSnapshotCurrent(domain, 0)), self)
    }
  }
}
