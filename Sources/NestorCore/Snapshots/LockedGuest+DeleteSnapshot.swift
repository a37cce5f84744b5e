import DomainXML
import FoundationEssentials
import Libvirt
import NestorSupport

extension LockedGuest {
  /// Deletes snapshots whose names come oldest first, until the task is cancelled; see ``watchingOthers(but:_:)``.
  func deleteSnapshots(_ names: [String]) async throws {
    var disks: [String] = []
    try await watchingOthers(but: names) {
      // One by one, the youngest first: libvirtd 9.0 can crash over its own flag for children, and whoever ends half-way
      // leaves a tree without a hole.
      for (index, snapshot) in names.reversed().enumerated() {
        guard !Task.isCancelled else {
          throw NestorError(
            .interrupted, "not all snapshots of guest '\(name)' were deleted",
            cause: "that was cancelled after \(index) of \(names.count)",
            hint: "the rest: nestor snapshot list \(name)")
        }
        hypervisor.report(ProgressReport(name, "deleting snapshot '\(snapshot)'"))
        try await withContext("cannot delete snapshot '\(snapshot)' of guest '\(name)'") {
          let snapshot = try await snapshots.named(snapshot)
          let past = try await snapshot.definition().pastDisks.compactMap(\.source.path)
          try await noting(.deletion(snapshot.name)) { try await delete(snapshot) }
          disks += past
        }
      }
    }
    // They may have been the last that had a disk; gc finds what stays.
    try? await removeUnusedDisks(among: disks)
  }

  /// Deletes a snapshot, also where its data is gone from the disks already.
  func delete(_ snapshot: Snapshot) async throws {
    if try await domain.isActive() {
      let definition = try await snapshot.definition()
      if definition.isInFiles {
        try GuestFileRules(uuid: uuid).permitMerging(in: directory)
      } else {
        try await requireDisks(of: definition)
      }
    }
    do {
      try await snapshot.handle.delete()
    } catch let error as LibvirtError where error.saysSnapshotDataMissing {
      try await snapshot.handle.delete(.metadataOnly)
    } catch let error as LibvirtError where error.code == .noDomainSnapshot {
      // libvirt's daemon, which goes on when a program is killed, was faster.
    }
  }

  /// Refuses a snapshot with a disk that the guest, which is on, does not have: QEMU could not delete its data there.
  ///
  /// libvirt refuses that, too, even of what is in a drive, but libvirtd 9.0 crashes over a disk that is missing.
  private func requireDisks(of snapshot: SnapshotDefinition) async throws {
    let present = try await devices().present.disks
    let targets = Set((snapshot.disks ?? []).map(\.name))
    for disk in snapshot.domain?.devices.disks ?? [] where targets.contains(disk.target) {
      let now = present.first { $0.target == disk.target }
      guard now?.source != disk.source else { continue }
      let target = disk.target
      let stopped = "nestor stop \(name), and run this again"
      if now != nil, disk.device != .disk {
        let medium = disk.source.path.map { "\(target) \($0) --update" } ?? "\(target) --eject"
        throw error(
          .invalidState,
          "drive \(target) holds another medium than at the snapshot, which can only be deleted while the guest is off",
          hint: "\(stopped); or put it back: virsh change-media \(name) \(medium)")
      }
      throw error(
        .invalidState,
        "it runs without the disk \(target) that the snapshot holds, which can only be deleted while the guest is off",
        hint: "\(stopped); or revert to a snapshot with the disk")
    }
  }

  /// Deletes a snapshot that may be there in whole, in part or not at all.
  func deleteInterrupted(_ name: String) async throws {
    if let snapshot = try await snapshots.find(name) {
      guard try await !snapshot.isForeign() else { return }
      return try await delete(snapshot)
    }
    // To delete data that libvirt does not know of, it has to be told before; often there is none.
    guard let snapshot = try? await redefined(name) else { return }
    do {
      try await snapshot.handle.delete()
    } catch {
      try await snapshot.handle.delete(.metadataOnly)
    }
  }

  /// A snapshot with memory, of which libvirt is told where it does not know it; whether its data is there is not looked at.
  func redefined(_ name: String) async throws -> Snapshot {
    if let known = try await snapshots.find(name) { return known }
    let definition = try DomainDefinition(xml: try await domain.xml([.secure]))
    let xml = try SnapshotDefinition(
      name: name, description: name == Snapshot.nameForClones ? Snapshot.descriptionForClones : nil,
      memory: SnapshotDefinition.Memory(kind: .internal),
      disks: definition.devices.disks.map { disk in
        SnapshotDefinition.Disk(
          name: disk.target,
          kind: disk.isKept && disk.format == .qcow2 ? .internal : SnapshotDefinition.Kind.none)
      },
      state: .running, creationTime: Int64(Date().timeIntervalSince1970), domain: definition
    ).xml()
    return Snapshot(guest: guest, handle: try await domain.createSnapshot(xml: xml, .redefine))
  }
}
