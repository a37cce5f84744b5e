import DomainXML
import Libvirt
import LibvirtFailures
import NestorImages
import NestorSupport
import Templates

extension Hypervisor {
  /// Makes guests with copies of the disks of another that is off, or of a snapshot of it; answers with their names.
  ///
  /// The copies are left off. Those that are linked share an image that the disks are frozen into first, and only write
  /// what differs; otherwise each disk is whole by itself. Firmware variables and the TPM begin anew. Where one copy cannot
  /// be finished, none is left.
  func cloneDisks(
    _ source: String, to names: [GuestName], linked: Bool, from snapshot: String?
  ) async throws -> [String] {
    var made: Image?
    do {
      return try await copying(source, to: names) { domain, copies in
        let source = try await diskSource(domain, snapshot)
        let base = linked ? try await frozen(source) : nil
        // That of a snapshot serves later copies as well.
        made = snapshot == nil ? base?.image : nil
        try await eachOf(copies) { copy in try await self.make(copy, source, base) }
        try warnOfLikeness(to: domain)
      }
    } catch {
      // The copies are gone by now, and nobody else knows of it.
      if let name = made?.name { try? await unbroken { try await self.deleteImage(name) } }
      throw error
    }
  }

  /// Warns of what copies have in common with their source.
  private func warnOfLikeness(to source: Domain) throws {
    let fixed = try Courier(state: state, uuid: source.uuid).fixedAddresses()
    if !fixed.isEmpty {
      warn(
        "the copies have \(fixed.joined(separator: ", ")) of '\(source.name)', which its networkConfig names: change that"
          + " in them before they run beside it")
    }
    if !FileTree.exists(state.agentKey(source.uuid)) {
      warn("the copies of '\(source.name)' keep its machine ID: it has no agent that could give them their own")
    }
  }

  /// The disks of a guest that is off, or of a moment of it.
  private func diskSource(_ domain: Domain, _ snapshot: String?) async throws -> DiskSource {
    let failure = "cannot clone guest '\(domain.name)'"
    let record = try await recordOfSource(domain)
    let present = try await explaining(failure) {
      try DomainDefinition(xml: try await domain.xml([.inactive, .secure]))
    }
    var origin = ImageRecord.Guest(name: domain.name, uuid: domain.uuid)
    let source: DiskSource
    if let snapshot {
      let moment = try await self.snapshot(snapshot, of: domain)
      let definition = try await explaining(failure) { try SnapshotDefinition(xml: try await moment.xml(secure: true)) }
      (origin.snapshot, origin.snapshotTime) = (snapshot, definition.creationTime)
      let then = definition.inactiveDomain ?? definition.domain ?? present
      // Outside of the disks, it is in the files that were the guest's then, which nobody writes any more.
      source = DiskSource(
        domain: domain, record: try then.guestRecord() ?? record, definition: then, files: files(then, of: domain),
        moment: definition.isInFiles ? nil : snapshot, origin: origin)
    } else {
      let status = try await status(of: domain, record: nil)
      guard !status.isActive, status != .saved else {
        throw NestorError(
          .invalidState, "\(failure): its disks are those of a guest that \(status == .saved ? "sleeps" : "runs")",
          hint: (status == .saved ? "wake it: nestor start" : "stop it: nestor stop")
            + " \(domain.name), or name a snapshot with --from, or let copies run on with --warm")
      }
      source = DiskSource(
        domain: domain, record: record, definition: present, files: files(present, of: domain), moment: nil,
        origin: origin)
    }
    try requireOwn(source.files.map(\.path), of: domain)
    return source
  }

  private func files(_ definition: DomainDefinition, of domain: Domain) -> [DiskSource.File] {
    definition.disksToCopy(state.guest(domain.uuid)).map { disk, path in
      DiskSource.File(
        path: path, format: disk.format ?? .raw, isForMemory: disk.own == .memory,
        isReadOnly: disk.isReadOnly)
    }
  }

  /// Makes one copy; it is defined first, marked incomplete, then gets its files, then loses the mark.
  private func make(_ copy: CloneIdentity, _ source: DiskSource, _ base: FrozenDisks?) async throws {
    report(ProgressReport(copy.name, base == nil ? "copying the disks of '\(copy.source.name)'" : "making its disks"))
    var record = copy.record(source.record)
    record.leaveImages(of: source.definition, in: state.images, for: base?.image)
    let domain = try await define(copy, try copy.definition(source.definition, record: record))
    for (index, file) in source.files.enumerated() {
      let path = file.path.replacing(copy.source.uuid, with: copy.uuid)
      if file.isForMemory {
        try await DiskFile.create(path, size: DiskPlanner.memoryDiskSize)
      } else if let disk = base?.disks[index] {
        try await DiskFile.create(path, size: disk.size, base: disk.path)
      } else {
        try await DiskFile.flatten(file.path, file.format, moment: source.moment(in: file), to: path)
      }
    }
    try await deliver(copy, source.definition)
    try await reserveAddresses(of: domain)
    if let base { try requireThere(base.image, for: copy.name) }
    record.stage = .complete
    try await write(record, to: domain)
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

extension GuestRecord {
  /// Lets go of images under the disks of a guest whose copy has disks of its own, or disks over another image.
  ///
  /// A kernel that is booted beside the disks still lies in its image.
  mutating func leaveImages(of definition: DomainDefinition, in folder: String, for base: Image?) {
    let booted = [definition.os.kernel, definition.os.initrd].compactMap { $0 }
    let isBooted = { (name: String) in booted.contains { $0.hasPrefix("\(folder)/\(name)/") } }
    let isUnderDisks = image.map { diskImages[$0] != nil } ?? true
    diskImages = diskImages.filter { isBooted($0.key) }
    if isUnderDisks, image.map({ diskImages[$0] == nil }) ?? true { (image, imageDigest) = (base?.name, base?.digest) }
    if let base { diskImages[base.name] = base.digest }
  }
}
