import DomainXML
import NestorSupport

extension Guest {
  /// The beginning of the names of files that are made for disks which are added to a guest.
  static let addedDiskPrefix = "disk-"

  /// The files that Nestor made for disks of the guest which neither it nor any of its snapshots has any more, such as that
  /// of a disk which was added after the snapshot that was reverted to.
  ///
  /// Those that a user keeps, see ``GuestDisks/remove(_:keepingFile:)``, are not among them.
  func unusedDisks() async throws -> [String] {
    let names = Set(try FileTree.names(in: directory))
    let added = names.filter { $0.hasPrefix(Self.addedDiskPrefix) && !$0.hasSuffix(Self.keptSuffix) }
      .filter { !names.contains($0 + Self.keptSuffix) }
    // Most guests have none, and nobody else has to be asked then. What saved memory belongs to, only that knows.
    guard !added.isEmpty, try await status() != .saved else { return [] }
    let known = try await snapshots.definitions().map(\.definition)
    let disks = try await devices().disksNowAndLater + known.flatMap(\.pastDisks)
    // Which file a pool's volume is, only libvirt knows.
    guard !disks.contains(where: { if case .volume = $0.source { true } else { false } }) else { return [] }
    var open = disks.compactMap(\.source.path) + known.flatMap { $0.disks ?? [] }.compactMap(\.file)
    // By their places, because the directory may be reached by several paths.
    var needed: Set<String> = []
    while let path = open.popLast() {
      guard let place = FileTree.resolved(path), needed.insert(place).inserted else { continue }
      // What lies under one that is needed is needed, too.
      if let base = try await DiskFile.base(of: path) { open.append(base) }
    }
    return added.sorted().map { "\(directory)/\($0)" }.filter { path in
      FileTree.resolved(path).map { !needed.contains($0) } ?? false
    }
  }

  /// Behind the name of a file, the name of an empty one that says that a user keeps the first.
  fileprivate static let keptSuffix = ".kept"
}

extension LockedGuest {
  /// Removes the file of a disk, or notes that its user keeps it.
  func removeDiskFile(_ path: String, keeping isKept: Bool) throws {
    let note = path + Guest.keptSuffix
    if isKept { return try FileTree.write([], to: note) }
    try FileTree.remove(path)
    try FileTree.remove(note)
  }

  /// Removes the files of disks that nothing can bring back, see ``Guest/unusedDisks()``.
  func removeUnusedDisks() async throws {
    for path in try await guest.unusedDisks() { try removeDiskFile(path, keeping: false) }
  }
}

extension SnapshotDefinition {
  /// The disks that the guest had, as it was and as it would have started next.
  fileprivate var pastDisks: [DomainXML.Disk] {
    [domain, inactiveDomain].compactMap { $0?.devices.disks }.flatMap { $0 }
  }

  /// Whether the guest had a disk with this file.
  func holds(_ path: String) -> Bool { pastDisks.contains { $0.source.path == path } }
}
