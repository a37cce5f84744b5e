import DomainXML
import Libvirt

/// A guest at the moment from which copies of it go on.
struct CloneSource: Sendable {
  /// The guest.
  let domain: Domain
  /// What Nestor knows of it.
  let record: GuestRecord
  /// The moment, with the guest's definition then.
  let moment: SnapshotDefinition
  /// The definition while it ran.
  let definition: DomainDefinition
  /// The names of its other snapshots, which copies of it do not have.
  let otherMoments: [String]

  /// The files of the disks that it writes, and so of its copies.
  var disks: [String] {
    definition.devices.disks.compactMap { disk in
      guard !disk.isReadOnly, case .file(let path) = disk.source else { return nil }
      return path
    }
  }
}
