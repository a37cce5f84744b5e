import DomainXML
import Libvirt

/// A guest at the moment from which copies of it go on.
struct CloneSource: Sendable {
  /// The guest.
  let domain: Domain
  /// What Nestor knows of it.
  let record: GuestRecord
  /// The moment, with the guest's definition then.
  let moment: SnapshotDefinition
  /// The definition while it ran.
  let definition: DomainDefinition
}

extension DomainDefinition {
  /// The disks in files that each copy of a guest has for itself: those that it writes, and those that lie in its folder;
  /// but not what Nestor makes anew for each guest.
  func disksToCopy(_ folder: String) -> [(disk: Disk, path: String)] {
    devices.disks.compactMap { disk in
      guard disk.device == .disk, disk.own != .seed, case .file(let path?) = disk.source,
        disk.isKept || path.hasPrefix("\(folder)/")
      else { return nil }
      return (disk, path)
    }
  }
}
