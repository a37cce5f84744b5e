import DomainXML
import NestorImages
import NestorSupport

extension LockedGuest {
  /// The disks that copies are made of: those of the guest, which is off, or of a snapshot of it.
  ///
  /// `alternative` is what else its user can do where it is not off, behind the hint.
  func disksToClone(from snapshot: String?, alternative: String = "") async throws -> DiskCloneSource {
    let source = try await disks(from: snapshot, hintEnd: ", or name a snapshot with --from\(alternative)")
    try requireOwn(source.files.map(\.path))
    return source
  }

  /// As ``disksToClone(from:alternative:)``, but disks outside of the guest's directory are allowed; `hintEnd` is what else can
  /// be done, whole.
  func disks(from snapshot: String?, hintEnd: String) async throws -> DiskCloneSource {
    let record = try await recordToClone()
    let present = try await attempt { try DomainDefinition(xml: try await domain.xml([.inactive, .secure])) }
    var origin = ImageRecord.Guest(name: name, uuid: uuid)
    if let snapshot {
      let definition = try await snapshots.named(snapshot).definition(secure: true)
      (origin.snapshot, origin.snapshotTime) = (snapshot, definition.creationTime)
      let then = definition.inactiveDomain ?? definition.domain ?? present
      // Outside of the disks, it is in the files that were the guest's then, which nobody writes any more.
      return DiskCloneSource(
        record: try then.guestRecord() ?? record, definition: then, files: files(then),
        snapshot: definition.isInFiles ? nil : snapshot, origin: origin)
    }
    let status = try await guest.status()
    guard !status.isActive, status != .saved else {
      throw NestorError(
        .invalidState, "\(failure): its disks are those of a guest that \(status == .saved ? "sleeps" : "runs")",
        hint: (status == .saved ? "wake it: nestor start" : "stop it: nestor stop") + " \(name)\(hintEnd)")
    }
    return DiskCloneSource(record: record, definition: present, files: files(present), snapshot: nil, origin: origin)
  }

  private func files(_ definition: DomainDefinition) -> [DiskCloneSource.File] {
    definition.disksToCopy(directory).map { DiskCloneSource.File(disk: $0.disk, path: $0.path) }
  }

  /// Makes guests with copies of disks of this one, and leaves them off.
  ///
  /// With `base` they share the image that these disks were frozen into, and only write what differs; otherwise each disk is
  /// whole by itself. Firmware variables and the TPM begin from nothing.
  func cloneDisks(_ source: DiskCloneSource, over base: FrozenDisks?, to clones: [CloneIdentity]) async throws {
    try await Batch.each(clones) { [hypervisor] in try await NewClone.make($0, source, over: base, by: hypervisor) }
    try warnOfLikeness()
  }

  /// Warns of what copies have in common with their source.
  private func warnOfLikeness() throws {
    let fixed = try provisioning.fixedAddresses()
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
