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
  /// needed, none is unused.
  func unusedDisks() async throws -> [String] {
    let names = Set(try FileTree.names(in: directory))
    let added = names.filter { Self.isAddedDisk($0) && !names.contains($0 + Self.keptSuffix) }
    // Most guests have none, and libvirt is not asked then. What is saved may need a disk that its next start does not.
    guard !added.isEmpty, try await hypervisor.isLocal(), try await !domain.hasManagedSave() else { return [] }
    let texts = try await definitions()
    guard let bases = try await basesOfDisks() else { return [] }
    // The directory may be reached by several paths, but its end is the same in all of them.
    return added.sorted().filter { name in
      let end = "/\(uuid)/\(name)"
      return !texts.contains { $0.contains(end) } && !bases.contains { $0.hasSuffix(end) }
    }.map { "\(directory)/\($0)" }
  }

  /// The XML of all guests as they run and as they start next, and of this one's snapshots.
  private func definitions() async throws -> [String] {
    var texts: [String] = []
    for other in try await hypervisor.connection.domains() {
      do {
        texts.append(try await other.xml())
        if try await other.isPersistent() { texts.append(try await other.xml(.inactive)) }
      } catch let error as LibvirtError where error.code == .noDomain && other.uuid != uuid {
        // It went meanwhile.
      }
    }
    for snapshot in try await domain.snapshots() { texts.append(try await snapshot.xml()) }
    return texts
  }

  /// The files that lie under the guest's disks and under those of its snapshots; nil where that cannot be told of one.
  private func basesOfDisks() async throws -> Set<String>? {
    let past = try await snapshots.definitions().map(\.definition)
    let disks = try await devices().disksNowAndLater + past.flatMap(\.pastDisks)
    var open = past.flatMap { $0.disks ?? [] }.compactMap(\.file)
    for disk in disks {
      switch disk.source {
      case .file(let path): if let path { open.append(path) }
      case .block, .volume, .other: return nil
      }
    }
    var (seen, bases): (Set<String>, Set<String>) = ([], [])
    while let path = open.popLast() {
      guard seen.insert(path).inserted else { continue }
      guard let place = FileTree.resolved(path), FileTree.isRegularFile(place) else { return nil }
      guard let base = try await DiskFile.base(of: place) else { continue }
      bases.insert(base)
      open.append(base)
    }
    return bases
  }

  /// Whether a file's name is one that is made for a disk which is added, or for one that is being made.
  private static func isAddedDisk(_ name: String) -> Bool {
    name.hasPrefix(addedDiskPrefix)
      && name.dropFirst(addedDiskPrefix.count).wholeMatch(of: /vd[a-z]+(-[0-9]+)?\.(qcow2|raw)(\.new)?/) != nil
  }

  /// Behind the name of a file, the name of an empty one that says that a user keeps the first.
  fileprivate static let keptSuffix = ".kept"
}

extension LockedGuest {
  /// Notes that the user keeps the file of a disk of Nestor's, or takes that back.
  func keepDiskFile(_ path: String, _ isKept: Bool) throws {
    let note = path + Guest.keptSuffix
    if isKept { try FileTree.write([], to: note) } else { try FileTree.remove(note) }
  }

  /// Removes files of disks that nothing has any more, see ``Guest/unusedDisks()``; only those of `candidates` where these
  /// are given.
  func removeUnusedDisks(among candidates: [String]? = nil) async throws {
    if let candidates, candidates.isEmpty { return }
    let wanted = candidates.map { Set($0.compactMap(FileTree.resolved)) }
    let unused = try await guest.unusedDisks().filter { path in
      wanted.map { wanted in FileTree.resolved(path).map(wanted.contains) ?? false } ?? true
    }
    for path in unused { try FileTree.remove(path) }
    if !unused.isEmpty { try await leaveUnusedImages() }
  }
}

extension SnapshotDefinition {
  /// The disks that the guest had, as it was and as it would have started next.
  var pastDisks: [DomainXML.Disk] { [domain, inactiveDomain].compactMap { $0?.devices.disks }.flatMap { $0 } }
}
