import DomainXML
import Glibc
import Libvirt
import NestorSupport

extension Guest {
  /// The beginning of the names of files that are made for disks which are added to a guest.
  static let addedDiskPrefix = "disk-"

  /// The files that Nestor made for disks which were added to the guest, and which nothing has any more: neither it nor one
  /// of its snapshots, nor another guest.
  ///
  /// Those that a user keeps, see ``GuestDisks/remove(_:keepingFile:)``, are not among them. Where it cannot be told what is
  /// needed, none is unused: with saved memory, in the middle of a rename, with a disk that is no file, or with a file that
  /// is missing.
  func unusedDisks() async throws -> [String] {
    let names = Set(try FileTree.names(in: directory))
    var unused = names.filter { Self.isAddedDisk($0) && !names.contains($0 + Self.keptSuffix) }
    // Most guests have none, and libvirt is not asked then. What is saved may need a disk that its next start does not.
    guard !unused.isEmpty, try await hypervisor.isLocal(), try await !domain.hasManagedSave() else { return [] }
    // libvirt may not know all of its snapshots.
    guard !hasUnfinishedRename else { return [] }
    // The directory may be reached by several paths, but its end is the same in all of them.
    func drop(in text: String) { unused = unused.filter { !text.contains("/\(uuid)/\($0)") } }
    for text in try await domain.definitions() { drop(in: text) }
    for snapshot in try await domain.snapshots() { drop(in: try await snapshot.xml()) }
    guard !unused.isEmpty, let needed = try await filesUnderDisks() else { return [] }
    unused = unused.filter { name in FileTree.resolved("\(directory)/\(name)").map { !needed.contains($0) } ?? false }
    guard !unused.isEmpty else { return [] }
    for other in try await definitionsOfOthers() { drop(in: other.text) }
    return unused.sorted().map { "\(directory)/\($0)" }
  }

  /// The XML of all other guests, see ``Hypervisor/definitions(but:)``.
  func definitionsOfOthers() async throws -> [(name: String, text: String)] {
    try await hypervisor.definitions(but: uuid)
  }

  /// The files of the guest's disks and of its snapshots' disks, with all that these lie over, without links in their paths;
  /// nil where that cannot be told of one.
  private func filesUnderDisks() async throws -> Set<String>? {
    let past = try await snapshots.definitions().map(\.definition)
    let disks = try await devices().disksNowAndLater + past.flatMap(\.pastDisks)
    var open = past.flatMap { $0.disks ?? [] }.compactMap(\.file)
    for disk in disks {
      switch disk.source {
      // A raw one lies over nothing, and may be a CD that is gone.
      case .file(let path): if let path, disk.format != .raw || FileTree.exists(path) { open.append(path) }
      case .block, .volume, .other: return nil
      }
    }
    var files: Set<String> = []
    while let path = open.popLast() {
      guard let file = FileTree.resolved(path), FileTree.isRegularFile(file), access(file, R_OK) == 0 else {
        return nil
      }
      guard files.insert(file).inserted, let base = try await DiskFile.base(of: file) else { continue }
      open.append(base)
    }
    return files
  }

  /// Whether a file's name is one that is made for a disk which is added, or for one that is being made.
  private static func isAddedDisk(_ name: String) -> Bool {
    name.hasPrefix(addedDiskPrefix)
      && name.dropFirst(addedDiskPrefix.count).wholeMatch(of: /vd[a-z]+(-[0-9]+)?\.(qcow2|raw)(\.new)?/) != nil
  }

  /// Behind the name of a file, the name of an empty one that says that a user keeps the first.
  fileprivate static let keptSuffix = ".kept"
}

extension Domain {
  /// Its XML as it runs and as it starts next.
  fileprivate func definitions() async throws -> [String] {
    var texts = [try await xml()]
    if try await isPersistent() { texts.append(try await xml(.inactive)) }
    return texts
  }
}

extension Hypervisor {
  /// The XML of all guests but that of one UUID, as they run and as they start next, without those that went meanwhile.
  func definitions(but uuid: String) async throws -> [(name: String, text: String)] {
    var found: [(String, String)] = []
    for domain in try await connection.domains() where domain.uuid != uuid {
      do {
        found += try await domain.definitions().map { (domain.name, $0) }
      } catch let error as LibvirtError where error.code == .noDomain {
        continue
      }
    }
    return found
  }
}

extension LockedGuest {
  /// Notes that the user keeps the file of a disk of Nestor's, or takes that back.
  func keepDiskFile(_ path: String, _ isKept: Bool) throws {
    let note = path + Guest.keptSuffix
    if isKept { try FileTree.write([], to: note) } else { try FileTree.remove(note) }
  }

  /// Removes those of these files that nothing has any more, see ``Guest/unusedDisks()``.
  func removeUnusedDisks(among candidates: [String]) async throws {
    let wanted = Set(candidates.compactMap(FileTree.resolved))
    guard !wanted.isEmpty else { return }
    let unused = try await guest.unusedDisks().filter { FileTree.resolved($0).map(wanted.contains) ?? false }
    for path in unused { try FileTree.remove(path) }
    if !unused.isEmpty { try await leaveUnusedImages() }
  }
}

extension SnapshotDefinition {
  /// The disks that the guest had, as it was and as it would have started next.
  var pastDisks: [DomainXML.Disk] { [domain, inactiveDomain].compactMap { $0?.devices.disks }.flatMap { $0 } }
}
