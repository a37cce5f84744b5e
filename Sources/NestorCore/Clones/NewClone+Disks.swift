import DomainXML
import NestorImages
import NestorSupport

extension NewClone {
  /// Makes a copy with disks of its own; it is defined first, marked incomplete, then gets its files, then loses the mark.
  static func make(
    _ identity: CloneIdentity, _ source: DiskCloneSource, over base: FrozenDisks?, by hypervisor: Hypervisor
  ) async throws {
    var record = identity.record(source.record)
    record.leaveImages(of: source.definition, in: hypervisor.state.images, for: base?.image)
    let clone = try await NewClone(identity, of: source.definition, record, by: hypervisor)
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
    try await clone.guest.makeFirmwareVariables(source.definition)
    try await clone.provision(source.definition, isWarm: false)
    try await clone.guest.reserveAddresses()
    if let base { try clone.guest.requireThere(base.image) }
    record.stage = .complete
    try await clone.guest.write(record)
  }
}
