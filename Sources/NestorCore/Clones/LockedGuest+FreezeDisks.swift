import FoundationEssentials
import Libvirt
import NestorImages
import NestorSupport

extension LockedGuest {
  /// The image that the guest's disks are frozen into; nil where it has none that others can be laid over.
  ///
  /// That of a snapshot is made once and serves all later copies; a guest that is off may be started and change at any
  /// time, so its image is made again each time.
  func freeze(_ source: DiskCloneSource) async throws -> FrozenDisks? {
    let places = FrozenDisks.places(source)
    guard !places.isEmpty else { return nil }
    let image = try await withContext("cannot freeze the disks of guest '\(name)'") {
      if source.origin.snapshot != nil,
        let image = try hypervisor.images.list().first(where: { image in
          image.record.guest?.isSame(as: source.origin) == true
            && places.indices.allSatisfy { image.record.diskSizes?[FrozenDisks.role($0)] != nil }
        })
      {
        return image
      }
      return try await makeImage(source, places)
    }
    let sizes = image.record.diskSizes ?? [:]
    var disks: [Int: FrozenDisks.Disk] = [:]
    for (number, place) in places.enumerated() {
      let role = FrozenDisks.role(number)
      guard let size = sizes[role] else {
        throw NestorError(.corrupted, "image '\(image.name)' does not say how large its \(role) is")
      }
      disks[place] = FrozenDisks.Disk(path: try image.path(role), size: size)
    }
    return FrozenDisks(image: image, disks: disks)
  }

  private func makeImage(_ source: DiskCloneSource, _ places: [Int]) async throws -> Image {
    let image = try freeImageName(source)
    hypervisor.report(ProgressReport(name, "freezing its disks as image '\(image)'"))
    return try await hypervisor.images.make(image, rebuild: false) { directory in
      var files: [String: ImageRecord.File] = [:]
      var sizes: [String: UInt64] = [:]
      for (number, place) in places.enumerated() {
        let (role, disk) = (FrozenDisks.role(number), source.files[place])
        let path = "\(directory)/\(role).qcow2"
        try await DiskFile.flatten(disk.path, disk.format, snapshot: source.snapshot(in: disk), to: path)
        files[role] = try await ImageRecord.File(describing: "\(role).qcow2", in: directory)
        sizes[role] = try await DiskFile.size(path)
      }
      let snapshot = source.origin.snapshot.map { " at its snapshot '\($0)'" } ?? ""
      return ImageRecord(
        kind: .disk, description: "disks of guest '\(name)'\(snapshot), for its linked clones",
        created: Date().formatted(.iso8601), sources: [], files: files, diskSize: sizes["disk"], diskSizes: sizes,
        guest: source.origin)
    }.image
  }

  /// A name that says what the image is of, and that no other image has.
  private func freeImageName(_ source: DiskCloneSource) throws -> String {
    let time = source.origin.snapshot ?? SnapshotPlan.timeName(Date())
    return try hypervisor.images.freeName("\(name)-\(time)")
  }
}
