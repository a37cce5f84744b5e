import DomainXML
import Libvirt
import NestorImages
import NestorSupport

extension LockedGuest {
  /// The disks that copies are made of: those of the guest, which is off, or of a snapshot of it.
  func disksToClone(from snapshot: String?) async throws -> DiskCloneSource {
    let record = try await recordToClone()
    let present = try await attempt { try DomainDefinition(xml: try await domain.xml([.inactive, .secure])) }
    var origin = ImageRecord.Guest(name: name, uuid: uuid)
    let source: DiskCloneSource
    if let snapshot {
      let definition = try await snapshots.named(snapshot).definition(secure: true)
      (origin.snapshot, origin.snapshotTime) = (snapshot, definition.creationTime)
      let then = definition.inactiveDomain ?? definition.domain ?? present
      // Outside of the disks, it is in the files that were the guest's then, which nobody writes any more.
      source = DiskCloneSource(
        record: try then.guestRecord() ?? record, definition: then, files: files(then),
        snapshot: definition.isInFiles ? nil : snapshot, origin: origin)
    } else {
      let status = try await guest.status()
      guard !status.isActive, status != .saved else {
        throw NestorError(
          .invalidState, "\(failure): its disks are those of a guest that \(status == .saved ? "sleeps" : "runs")",
          hint: (status == .saved ? "wake it: nestor start" : "stop it: nestor stop")
            + " \(name), or name a snapshot with --from, or let copies run on with --warm")
      }
      source = DiskCloneSource(
        record: record, definition: present, files: files(present), snapshot: nil, origin: origin)
    }
    try requireOwn(source.files.map(\.path))
    return source
  }

  private func files(_ definition: DomainDefinition) -> [DiskCloneSource.File] {
    definition.disksToCopy(directory).map { disk, path in
      DiskCloneSource.File(
        path: path, format: disk.format ?? .raw, isForMemory: disk.own == .memory, isReadOnly: disk.isReadOnly)
    }
  }

  /// Makes guests with copies of disks of this one, and leaves them off.
  ///
  /// With `base` they share the image that these disks were frozen into, and only write what differs; otherwise each disk is
  /// whole by itself. Firmware variables and the TPM begin from nothing.
  func cloneDisks(_ source: DiskCloneSource, over base: FrozenDisks?, to clones: [CloneIdentity]) async throws {
    try await Batch.each(clones) { [hypervisor] in try await hypervisor.cloneDisks(source, over: base, to: $0) }
    try warnOfLikeness()
  }

  /// Warns of what copies have in common with their source.
  private func warnOfLikeness() throws {
    let state = hypervisor.state
    let fixed = try Courier(state: state, uuid: uuid).fixedAddresses()
    if !fixed.isEmpty {
      hypervisor.warn(
        "the copies have \(fixed.joined(separator: ", ")) of '\(name)', which its networkConfig names: change that"
          + " in them before they run beside it")
    }
    if !agent.isThere {
      hypervisor.warn("the copies of '\(name)' keep its machine ID: it has no agent that could give them their own")
    }
  }
}

extension Hypervisor {
  /// Makes one copy; it is defined first, marked incomplete, then gets its files, then loses the mark.
  fileprivate func cloneDisks(
    _ source: DiskCloneSource, over base: FrozenDisks?, to identity: CloneIdentity
  ) async throws {
    var record = identity.record(source.record)
    record.leaveImages(of: source.definition, in: state.images, for: base?.image)
    let clone = try await NewClone(identity, of: source.definition, record, by: self)
    clone.report(base == nil ? "copying the disks of '\(identity.source.name)'" : "making its disks")
    for (index, file) in source.files.enumerated() {
      let path = file.path.replacing(identity.source.uuid, with: identity.uuid)
      if file.isForMemory {
        try await DiskFile.create(path, size: DiskPlanner.memoryDiskSize)
      } else if let disk = base?.disks[index] {
        try await DiskFile.create(path, size: disk.size, base: disk.path)
      } else {
        try await DiskFile.flatten(file.path, file.format, snapshot: source.snapshot(in: file), to: path)
      }
    }
    try await clone.provision(source.definition)
    try await clone.guest.reserveAddresses()
    if let base { try requireThere(base.image, for: identity.name) }
    record.stage = .complete
    try await clone.guest.write(record)
  }

  /// Refuses to go on with a copy whose image was deleted meanwhile: whoever does that looks for guests that need it after
  /// it is out of reach, and the copy is defined by now.
  private func requireThere(_ base: Image, for name: String) throws {
    if let image = try? images.image(base.name), image.digest == base.digest { return }
    throw NestorError(
      .notFound, "cannot clone to guest '\(name)': the image '\(base.name)' is not there any more",
      cause: "it was deleted meanwhile", hint: "run this again")
  }
}
