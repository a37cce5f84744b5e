import DomainXML
import Libvirt

/// A guest that is reverted to a snapshot, and runs afterwards where it ran then.
struct SnapshotTarget: StartTarget {
  let snapshot: Snapshot
  /// What libvirt knows of the snapshot.
  let definition: SnapshotDefinition
  let flags: SnapshotRevertFlags

  static let cidPath = "/domainsnapshot/*[self::domain or self::inactiveDomain]/\(cidAttribute)"

  func cid() -> UInt32? { definition.holdsMemory ? definition.domain?.fixedCID : nil }

  func xml() async throws -> String { try await snapshot.handle.xml(secure: true) }

  func write(_ xml: String) async throws {
    // The one that the guest was last at stays so only where that is said.
    let isCurrent = try await snapshot.handle.isCurrent()
    _ = try await snapshot.guest.domain.createSnapshot(xml: xml, isCurrent ? [.redefine, .current] : .redefine)
  }

  /// Reverts, again where the guest's start lost a race. Only where the memory lies in the disks: of a snapshot in files
  /// libvirt has changed the disks by then, and would change other ones.
  func start() async throws {
    guard definition.holdsMemory, !definition.isInFiles else { return try await snapshot.handle.revert(flags) }
    try await StartRace.retrying { try await snapshot.handle.revert(flags) }
  }
}
