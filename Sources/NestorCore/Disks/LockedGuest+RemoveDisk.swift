import DomainXML
import Libvirt
import NestorSupport

extension LockedGuest {
  /// See ``GuestDisks/remove(_:keepingFile:)``.
  func removeDisk(_ target: String, keepingFile: Bool) async throws {
    try await requireComplete()
    try await requireAwake()
    let devices = try await devices()
    let live = devices.live?.disks.first { $0.target == target }
    let config = devices.config?.disks.first { $0.target == target }
    guard let disk = live ?? config else {
      throw NestorError(
        .notFound, "guest '\(name)' has no disk '\(target)'",
        hint: "it has \(devices.present.disks.map(\.target).joined(separator: ", "))")
    }
    if let purpose = disk.nestorsPurpose {
      throw error(.unsupported, "nestor itself needs it for the guest's \(purpose)")
    }
    let snapshotCount = try await attempt { try await domain.snapshots().count }
    if snapshotCount > 0, !disk.isReadOnly {
      throw error(
        .invalidState, "the guest has \(snapshotCount) snapshots, which hold the disk too",
        hint: "delete them first: nestor snapshot list \(name)")
    }
    let file = disk.source.path.flatMap { isOwn($0) ? $0 : nil }
    // First: a file that is in no definition, and that nobody keeps, is removed by gc.
    if let file { try await attempt { try keepDiskFile(file, keepingFile) } }
    try await detach(live: try live.map { (try $0.xml(), $0.alias) }, config: try config?.xml())
    try await attempt {
      if !keepingFile, let file, try await !snapshots.definitions().contains(where: { $0.definition.holds(file) }) {
        try FileTree.remove(file)
      }
      try await leaveUnusedImages()
    }
  }

  /// Lets go of the images that no file of the guest's lies over any more, whether it is a disk at the moment or not.
  func leaveUnusedImages() async throws {
    guard var record = try await record(), !record.diskImages.isEmpty else { return }
    let files = try FileTree.names(in: directory).filter { $0.hasSuffix(".qcow2") }
      .map { "\(directory)/\($0)" }
    let attached = try await devices().disksNowAndLater.compactMap(\.source.path)
    var needed: Set<String> = []
    // Most of the disks lie in that directory, and each file is read once.
    for path in Set(attached + files) {
      if let name = try await hypervisor.imageUnder(path) { needed.insert(name) }
    }
    let kept = record.diskImages.filter { needed.contains($0.key) || $0.key == record.image }
    guard kept != record.diskImages else { return }
    record.diskImages = kept
    try await write(record)
  }

  /// Whether a file lies in the directory of the guest's files.
  private func isOwn(_ path: String) -> Bool {
    guard let file = FileTree.resolved(path), let directory = FileTree.resolved(self.directory) else { return false }
    return file.hasPrefix(directory + "/")
  }
}

extension SnapshotDefinition {
  /// Whether the guest had a disk with this file.
  fileprivate func holds(_ path: String) -> Bool { pastDisks.contains { $0.source.path == path } }
}
