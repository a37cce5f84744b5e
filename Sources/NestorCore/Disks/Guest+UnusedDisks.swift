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
    // Most guests have none, and nobody else has to be asked then.
    guard !added.isEmpty else { return [] }
    var needed = Set(try await devices().disksNowAndLater.compactMap(\.source.path))
    for (_, snapshot) in try await snapshots.definitions() { needed.formUnion(snapshot.diskPaths) }
    // What lies under one that is needed is needed, too.
    var open = Array(needed)
    while let path = open.popLast() {
      guard let base = try await DiskFile.base(of: path), needed.insert(base).inserted else { continue }
      open.append(base)
    }
    return added.sorted().map { "\(directory)/\($0)" }.filter { !needed.contains($0) }
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
  /// The files of all disks that the guest had, and those in which the disks went on.
  fileprivate var diskPaths: [String] {
    [domain, inactiveDomain].compactMap { $0?.devices.disks }.joined().compactMap(\.source.path)
      + (disks ?? []).compactMap(\.file)
  }

  /// Whether the guest had a disk with this file.
  func holds(_ path: String) -> Bool { diskPaths.contains(path) }
}
