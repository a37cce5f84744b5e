import DomainXML
import Libvirt

/// A guest that is reverted to a snapshot, and runs on from there where it ran then.
struct SnapshotTarget: StartTarget {
  let domain: Domain
  let snapshot: DomainSnapshot
  let flags: SnapshotRevertFlags
  /// Whether it is the snapshot that the guest was last at, which stays so when it is redefined.
  let isCurrent: Bool

  static let cidPath = "/domainsnapshot/*[self::domain or self::inactiveDomain]/\(cidAttribute)"

  func xml() async throws -> String { try await snapshot.xml(secure: true) }

  func cid(in xml: String) throws -> UInt32? {
    let definition = try SnapshotDefinition(xml: xml)
    guard definition.state == .running || definition.state == .paused else { return nil }
    return definition.domain?.fixedCID
  }

  func write(_ xml: String) async throws {
    _ = try await domain.createSnapshot(xml: xml, isCurrent ? [.redefine, .current] : .redefine)
  }

  func start() async throws { try await snapshot.revertRetrying(flags) }
}

extension DomainSnapshot {
  /// Reverts its guest to it, again where the guest's start lost a race. Only where the memory lies in the disks: of a
  /// snapshot in files libvirt has changed the disks by then, and would change other ones.
  func revertRetrying(_ flags: SnapshotRevertFlags) async throws {
    let moment = try SnapshotDefinition(xml: try await xml())
    guard moment.holdsMemory, !moment.isInFiles else { return try await revert(flags) }
    try await StartRace.retrying { try await revert(flags) }
  }
}
