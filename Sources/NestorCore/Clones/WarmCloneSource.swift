import DomainXML

/// A guest as it was at the snapshot that copies of it start from.
struct WarmCloneSource: Sendable {
  /// What Nestor knows of the guest.
  let record: GuestRecord
  /// The snapshot's name.
  let snapshotName: String
  /// The snapshot, whose data the copies' disks hold too.
  let snapshot: SnapshotDefinition
  /// The guest's definition while it ran.
  let definition: DomainDefinition
}
