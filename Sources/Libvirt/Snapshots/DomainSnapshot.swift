import CLibvirt

/// A snapshot of a domain, see https://libvirt.org/html/libvirt-libvirt-domain-snapshot.html.
public final class DomainSnapshot: Sendable {
  let handle: Handle
  /// The domain that it is of.
  public let domain: Domain
  /// Its name.
  public let name: String

  /// Takes over a reference of the caller's, which is given back even when this fails.
  init(taking pointer: OpaquePointer, _ domain: Domain) throws {
    self.domain = domain
    handle = Handle(pointer) { virDomainSnapshotFree($0) }
    name = try Calls.borrowed("virDomainSnapshotGetName", virDomainSnapshotGetName(pointer))
  }

  func call<Value: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
    try await CallExecutor.shared.run { [handle] in try body(handle.pointer) }
  }

  /// Its XML; with passwords where `secure` is set, see https://libvirt.org/formatsnapshot.html.
  public func xml(secure: Bool = false) async throws -> String {
    let flags: DomainXMLFlags = secure ? .secure : []
    return try await call {
      try Calls.string("virDomainSnapshotGetXMLDesc", virDomainSnapshotGetXMLDesc($0, flags.rawValue))
    }
  }

  /// Takes the domain back to it.
  public func revert(_ flags: SnapshotRevertFlags = []) async throws {
    _ = try await call { try Calls.check("virDomainRevertToSnapshot", virDomainRevertToSnapshot($0, flags.rawValue)) }
  }

  /// Deletes it.
  public func delete(_ flags: SnapshotDeleteFlags = []) async throws {
    _ = try await call { try Calls.check("virDomainSnapshotDelete", virDomainSnapshotDelete($0, flags.rawValue)) }
  }

  /// Whether the domain goes on from it.
  public func isCurrent() async throws -> Bool {
    try await call { try Calls.check("virDomainSnapshotIsCurrent", virDomainSnapshotIsCurrent($0, 0)) == 1 }
  }

  /// Whether libvirt keeps metadata of it.
  public func hasMetadata() async throws -> Bool {
    try await call { try Calls.check("virDomainSnapshotHasMetadata", virDomainSnapshotHasMetadata($0, 0)) == 1 }
  }

  /// The snapshot that it was made after; nil for a root.
  public func parent() async throws -> DomainSnapshot? {
    try await call { [domain] snapshot in
      do {
        return try DomainSnapshot(
          taking: try Calls.check("virDomainSnapshotGetParent", virDomainSnapshotGetParent(snapshot, 0)), domain)
      } catch let error as LibvirtError where error.code == .noDomainSnapshot {
        return nil
      }
    }
  }

  /// The snapshots that were made after it.
  public func children(_ flags: SnapshotListFlags = []) async throws -> [DomainSnapshot] {
    try await call { [domain] snapshot in
      try Calls.list(
        "virDomainSnapshotListAllChildren", { virDomainSnapshotListAllChildren(snapshot, $0, flags.rawValue) }
      ) {
        try DomainSnapshot(taking: $0, domain)
      }
    }
  }
}
