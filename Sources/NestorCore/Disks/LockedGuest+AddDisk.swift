import DomainXML
import NestorImages
import NestorSupport
import Templates

extension LockedGuest {
  /// The file of a disk that is about to be added.
  private struct File {
    let path: String
    /// What is to be made there; nil for a file of the user's own.
    var made: GuestPlan.NewDisk?
    var image: Image?
  }

  /// See ``GuestDisks/add(_:)``.
  func addDisk(_ added: GuestTemplate.Disk) async throws -> String {
    try await requireComplete()
    guard added.bus == .virtio, !added.iothread else {
      throw error(
        .unsupported, "a disk that is added is one of the bus virtio, without a thread of its own",
        hint: "others stand in the guest's template from the start")
    }
    try await requireAwake()
    let used = Set(try await devices().disksNowAndLater.map(\.target))
    // A free name is among so many, since the guest has fewer.
    let target = (0...used.count).map { "vd" + DiskPlanner.letters($0) }.first { !used.contains($0) } ?? "vda"
    let file = try await file(of: added, target)
    do {
      if let made = file.made { try await make(made, over: file.image) }
      try await attach(try Disk(added, path: file.path, target: target).xml())
    } catch {
      if file.made != nil { try? FileTree.remove(file.path) }
      try? await leaveUnusedImages()
      throw error
    }
    return target
  }

  private func file(of added: GuestTemplate.Disk, _ target: String) async throws -> File {
    let format = Disk.Format(added.format)
    switch added.source {
    case .path(let path): return try await existingFile(path)
    case .empty(let size):
      let path = try await freePath(target, format)
      return File(path: path, made: GuestPlan.NewDisk(path: path, size: size.bytes, base: nil, format: format))
    case .image(let name, let size):
      let path = try await freePath(target, format)
      let image = try hypervisor.images.image(name)
      let disk = try GuestPlan.NewDisk(path, over: image, size: size, failure: failure, isInTemplate: false)
      return File(path: path, made: disk, image: image)
    }
  }

  /// Where a file for a disk is made.
  private func freePath(_ target: String, _ format: Disk.Format) async throws -> String {
    guard try await record() != nil else {
      throw error(
        .unsupported, "nestor did not make the guest, so it has no directory for its files",
        hint: "name a file that is there: --path FILE")
    }
    return DiskFile.freePath("\(directory)/\(Guest.addedDiskPrefix)\(target)", format)
  }

  /// A file of the user's own. An image under it is noted to be needed.
  private func existingFile(_ path: String) async throws -> File {
    guard FileTree.exists(path) else { throw error(.notFound, "there is no file \(path)") }
    guard try await !devices().disksNowAndLater.contains(where: { $0.source.path == path }) else {
      throw error(.exists, "it has \(path) already")
    }
    if let name = try await hypervisor.imageUnder(path), var record = try await record(),
      let image = try? hypervisor.images.image(name)
    {
      record.diskImages[name] = image.digest
      try await write(record)
    }
    return File(path: path)
  }

  /// Makes the file of a disk. An image under it is noted to be needed before, so that nobody deletes it any more.
  private func make(_ disk: GuestPlan.NewDisk, over image: Image?) async throws {
    // The note may be left of a file that its user has moved away.
    try await attempt { try keepDiskFile(disk.path, false) }
    guard let image else { return try await DiskFile.create(disk.path, size: disk.size, disk.format) }
    let name = image.name
    if var record = try await record() {
      if let digest = record.diskImages[name], digest != image.digest {
        throw error(.failed, "the image '\(name)' is not the one that it has disks of")
      }
      record.diskImages[name] = image.digest
      try await write(record)
    }
    try await DiskFile.create(disk.path, size: disk.size, base: disk.base)
    guard try hypervisor.images.image(name).digest == image.digest else {
      throw error(.failed, "the image '\(name)' was made again meanwhile", hint: "run this again")
    }
  }
}
