import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport
import Templates

extension Orchestrator {
  /// A guest's disks, in their order.
  public func disks(of name: String) async throws -> [DiskSummary] {
    let domain = try await domain(name)
    let devices = try await devices(of: domain)
    var rows: [DiskSummary] = []
    for disk in devices.present.disks {
      rows.append(
        DiskSummary(
          target: disk.target, bus: disk.bus?.rawValue ?? "-", format: disk.format?.rawValue ?? "-",
          size: (try? await domain.blockInfo(disk.target))?.capacity, isReadOnly: disk.isReadOnly,
          source: disk.source.path, purpose: disk.nestorsPurpose))
    }
    return rows
  }

  /// Adds a disk to a guest, at once where it runs and for later starts; answers with its name, such as `vdb`.
  ///
  /// A file that Nestor makes for it goes with the guest.
  @discardableResult
  public func addDisk(_ description: DiskDescription, to name: String) async throws -> String {
    try description.check()
    try await requireLocal("add a disk to a guest")
    return try await locking(name, to: "change") {
      let domain = try await domain(name)
      var record = try await record(of: domain)
      try refuseUnfinished(record, name, to: "change")
      let failure = "cannot add a disk to guest '\(domain.name)'"
      try await requireAwake(domain, failure)
      let devices = try await devices(of: domain)
      let used = Set(devices.disksNowAndLater.map(\.target))
      // A free name is among so many, since the guest has fewer.
      let target = (0...used.count).map { "vd" + DiskPlanner.letters($0) }.first { !used.contains($0) } ?? "vda"
      let path: String
      var isMade = false
      switch description.source {
      case .path(let existing):
        guard FileTree.exists(existing) else {
          throw NestorError(.notFound, failure, cause: "there is no file \(existing)")
        }
        guard !devices.disksNowAndLater.contains(where: { $0.source.path == existing }) else {
          throw NestorError(.exists, failure, cause: "it has \(existing) already")
        }
        path = existing
        if let name = try await imageUnder(existing), let image = try? images.image(name), record != nil {
          record?.diskImages[name] = image.digest
          if let record { try await write(record, to: domain) }
        }
      case .empty, .image:
        guard record != nil else {
          throw NestorError(
            .unsupported, failure, cause: "nestor did not make the guest, so it has no folder for its files",
            hint: "name a file that is there: --path FILE")
        }
        path = DiskFile.freePath("\(state.guest(domain.uuid))/disk-\(target)")
        isMade = true
      }
      var disk = Disk(
        source: .file(path), format: description.format == .qcow2 ? .qcow2 : .raw, target: target,
        isReadOnly: description.isReadOnly,
        serial: description.serial)
      disk.discard = .unmap
      do {
        if isMade { try await makeDisk(path, description.source, of: domain, &record, failure) }
        try await attach(try disk.xml(), to: domain, devices.scope, failure)
      } catch {
        if isMade { try? FileTree.remove(path) }
        try? await leaveUnusedImages(domain)
        throw error
      }
      return target
    }
  }

  /// Makes the file of a disk. An image under it is noted to be needed before, so that nobody deletes it any more.
  private func makeDisk(
    _ path: String, _ source: GuestTemplate.Disk.Source, of domain: Domain, _ record: inout GuestRecord?,
    _ failure: String
  ) async throws {
    switch source {
    case .path: return
    case .empty(let size): try await DiskFile.create(path, size: size.bytes)
    case .image(let name, let size):
      let image = try images.image(name)
      guard image.record.kind == .disk, let imageSize = image.record.diskSize else {
        throw NestorError(.unsupported, failure, cause: "the image '\(name)' is a kernel with its initramfs")
      }
      guard (size?.bytes ?? imageSize) >= imageSize else {
        throw NestorError(
          .invalidArgument, failure, cause: "the image '\(name)' has \(ByteSize(bytes: imageSize)), and the disk less")
      }
      if let digest = record?.diskImages[name], digest != image.digest {
        throw NestorError(.failed, failure, cause: "the image '\(name)' is not the one that it has disks of")
      }
      record?.diskImages[name] = image.digest
      if let record { try await write(record, to: domain) }
      try await DiskFile.create(path, size: size?.bytes ?? imageSize, base: try image.path("disk"))
      guard try images.image(name).digest == image.digest else {
        throw NestorError(
          .failed, failure, cause: "the image '\(name)' was made anew meanwhile", hint: "run this again")
      }
    }
  }

  /// Lets go of the images that no file of a guest's lies over any more, whether it is a disk at the moment or not.
  private func leaveUnusedImages(_ domain: Domain) async throws {
    guard var record = try await record(of: domain), !record.diskImages.isEmpty else { return }
    let devices = try await devices(of: domain)
    var needed: Set<String> = []
    let folder = state.guest(domain.uuid)
    let files = try FileTree.names(in: folder).filter { $0.hasSuffix(".qcow2") }.map { "\(folder)/\($0)" }
    let attached = devices.disksNowAndLater.compactMap(\.source.path)
    // Most of the disks lie in that folder, and each file is read once.
    for path in Set(attached + files) {
      if let name = try await imageUnder(path) { needed.insert(name) }
    }
    let kept = record.diskImages.filter { needed.contains($0.key) || $0.key == record.image }
    guard kept != record.diskImages else { return }
    record.diskImages = kept
    try await write(record, to: domain)
  }

  /// Takes a disk from a guest, with the file if Nestor made it and `keepingFile` is not set.
  ///
  /// A guest's snapshots hold all disks that it writes, so one that has snapshots keeps these. The file of another stays as
  /// long as the guest, where it can go back to a moment at which it had it.
  public func removeDisk(_ target: String, from name: String, keepingFile: Bool = false) async throws {
    try await requireLocal("remove a disk from a guest")
    try await locking(name, to: "change") {
      let domain = try await domain(name)
      try refuseUnfinished(try await record(of: domain), name, to: "change")
      let failure = "cannot remove the disk \(target) from guest '\(name)'"
      try await requireAwake(domain, failure)
      let devices = try await devices(of: domain)
      let live = devices.live?.disks.first { $0.target == target }
      let config = devices.config?.disks.first { $0.target == target }
      guard let disk = live ?? config else {
        throw NestorError(
          .notFound, "guest '\(name)' has no disk '\(target)'",
          hint: "it has \(devices.present.disks.map(\.target).joined(separator: ", "))")
      }
      if let purpose = disk.nestorsPurpose {
        throw NestorError(.unsupported, failure, cause: "nestor itself needs it for the guest's \(purpose)")
      }
      let snapshots = try await explaining(failure) { try await domain.snapshots() }
      if !snapshots.isEmpty, !disk.isReadOnly {
        throw NestorError(
          .invalidState, failure, cause: "the guest has \(snapshots.count) snapshots, which hold the disk too",
          hint: "delete them first: nestor snapshot list \(name)")
      }
      try await detach(
        live: try live.map { (try $0.xml(), $0.alias) }, config: try config?.xml(), from: domain, failure)
      try await explaining(failure) {
        if !keepingFile, let path = disk.source.path, isOwn(path, of: domain),
          try await !isHeld(path, bySnapshotsOf: domain)
        {
          try FileTree.remove(path)
        }
        try await leaveUnusedImages(domain)
      }
    }
  }

  /// Whether a guest had a disk with this file at the moment of one of its snapshots.
  private func isHeld(_ path: String, bySnapshotsOf domain: Domain) async throws -> Bool {
    try await moments(of: domain).contains { _, moment in
      [moment.domain, moment.inactiveDomain].compactMap { $0?.devices.disks }.joined().contains {
        $0.source.path == path
      }
    }
  }

  /// The image that a disk's file is laid over, maybe with others between them.
  private func imageUnder(_ path: String) async throws -> String? {
    var path = path
    // No chain is longer, but one could go in circles.
    for _ in 0..<200 {
      guard let base = try await DiskFile.base(of: path) else { return nil }
      if base.hasPrefix("\(state.images)/") {
        return base.dropFirst(state.images.count + 1).split(separator: "/").first.map(String.init)
      }
      path = base
    }
    return nil
  }

  /// Whether a file lies in the folder of a guest's files.
  private func isOwn(_ path: String, of domain: Domain) -> Bool {
    guard let file = FileTree.resolved(path), let folder = FileTree.resolved(state.guest(domain.uuid)) else {
      return false
    }
    return file.hasPrefix(folder + "/")
  }
}

extension Disk {
  /// What Nestor itself needs the disk for; nil for the guest's own.
  var nestorsPurpose: String? {
    switch serial {
    case DiskPlanner.memorySerial: "snapshots"
    case AgentBoothook.diskSerial: "settings"
    default: nil
    }
  }
}
