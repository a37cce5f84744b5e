import DomainXML
import Libvirt
import LibvirtFailures
import NestorImages
import NestorSupport
import Templates

extension Hypervisor {
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

  /// Adds a disk to a guest, at once where it runs and for later starts; returns its name, such as `vdb`.
  ///
  /// A file that Nestor makes for it goes with the guest. Throws ``NestorError`` of code `unsupported` for a disk on the bus
  /// `scsi` or with a thread of its own: what these need comes with a guest's template.
  @discardableResult
  public func addDisk(_ added: GuestTemplate.Disk, to name: String) async throws -> String {
    try await requireLocal("add a disk to a guest")
    return try await locking(name, to: "change") {
      let domain = try await domain(name)
      var record = try await record(of: domain)
      try refuseUnfinished(record, name, to: "change")
      let failure = "cannot add a disk to guest '\(domain.name)'"
      guard added.bus == .virtio, !added.iothread else {
        throw NestorError(
          .unsupported, failure, cause: "a disk that is added is one of the bus virtio, without a thread of its own",
          hint: "others stand in the guest's template from the start")
      }
      try await requireAwake(domain, failure)
      let devices = try await devices(of: domain)
      let used = Set(devices.disksNowAndLater.map(\.target))
      // A free name is among so many, since the guest has fewer.
      let target = (0...used.count).map { "vd" + DiskPlanner.letters($0) }.first { !used.contains($0) } ?? "vda"
      let file = try await file(of: added, target, domain, devices, &record, failure)
      do {
        if let made = file.made { try await make(made, over: file.image, of: domain, &record, failure) }
        try await attach(try Disk(added, path: file.path, target: target).xml(), to: domain, devices.scope, failure)
      } catch {
        if file.made != nil { try? FileTree.remove(file.path) }
        try? await leaveUnusedImages(domain)
        throw error
      }
      return target
    }
  }

  /// The file of a disk that is about to be added.
  private struct DiskToAdd {
    let path: String
    /// What is to be made there; nil for a file of the user's own.
    var made: GuestPlan.NewDisk?
    /// The image under that.
    var image: Image?
  }

  private func file(
    of added: GuestTemplate.Disk, _ target: String, _ domain: Domain, _ devices: DevicePair,
    _ record: inout GuestRecord?, _ failure: String
  ) async throws -> DiskToAdd {
    if case .path(let path) = added.source {
      guard FileTree.exists(path) else {
        throw NestorError(.notFound, failure, cause: "there is no file \(path)")
      }
      guard !devices.disksNowAndLater.contains(where: { $0.source.path == path }) else {
        throw NestorError(.exists, failure, cause: "it has \(path) already")
      }
      if let name = try await imageUnder(path), let image = try? images.image(name), record != nil {
        record?.diskImages[name] = image.digest
        if let record { try await write(record, to: domain) }
      }
      return DiskToAdd(path: path)
    }
    guard record != nil else {
      throw NestorError(
        .unsupported, failure, cause: "nestor did not make the guest, so it has no folder for its files",
        hint: "name a file that is there: --path FILE")
    }
    let format = Disk.Format(added.format)
    let path = DiskFile.freePath("\(state.guest(domain.uuid))/disk-\(target)", format)
    switch added.source {
    case .path(let path): return DiskToAdd(path: path)
    case .empty(let size):
      return DiskToAdd(path: path, made: GuestPlan.NewDisk(path: path, size: size.bytes, base: nil, format: format))
    case .image(let name, let size):
      let image = try images.image(name)
      return DiskToAdd(
        path: path, made: try GuestPlan.NewDisk(path, over: image, size: size, failure: failure), image: image)
    }
  }

  /// Makes the file of a disk. An image under it is noted to be needed before, so that nobody deletes it any more.
  private func make(
    _ disk: GuestPlan.NewDisk, over image: Image?, of domain: Domain, _ record: inout GuestRecord?, _ failure: String
  ) async throws {
    guard let image else { return try await DiskFile.create(disk.path, size: disk.size, disk.format) }
    let name = image.name
    if let digest = record?.diskImages[name], digest != image.digest {
      throw NestorError(.failed, failure, cause: "the image '\(name)' is not the one that it has disks of")
    }
    record?.diskImages[name] = image.digest
    if let record { try await write(record, to: domain) }
    try await DiskFile.create(disk.path, size: disk.size, base: disk.base)
    guard try images.image(name).digest == image.digest else {
      throw NestorError(.failed, failure, cause: "the image '\(name)' was made again meanwhile", hint: "run this again")
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
    switch own {
    case .memory: "snapshots"
    case .seed: "settings"
    case nil: nil
    }
  }
}
