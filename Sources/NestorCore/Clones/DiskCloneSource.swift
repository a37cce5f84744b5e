import DomainXML
import NestorImages

/// A guest of whose disks copies are made: as they are while it is off, or as they were at one of its snapshots.
struct DiskCloneSource: Sendable {
  /// A disk that each copy has for itself.
  struct File: Sendable {
    /// What the guest sees.
    let disk: Disk
    /// Where it lies.
    let path: String
    var format: Disk.Format { disk.format ?? .raw }
    /// Whether it only exists for the memory of snapshots.
    var isForMemory: Bool { disk.own == .memory }
    /// Whether the guest only reads it, so that snapshots do not hold it.
    var isReadOnly: Bool { disk.isReadOnly }
  }

  /// What Nestor knows of the guest.
  let record: GuestRecord
  /// The definition that its copies are made from.
  let definition: DomainDefinition
  let files: [File]
  /// The snapshot inside these files that is copied; nil for what is in them now.
  let snapshot: String?
  /// What the image is said to be made of that holds these disks.
  let origin: ImageRecord.Guest

  /// The snapshot that is copied of a disk; nil for what is in it now.
  func snapshot(in file: File) -> String? { file.isReadOnly ? nil : snapshot }
}

extension DomainDefinition {
  /// The disks in files that each copy of a guest has for itself: those that it writes, and those that lie in its directory;
  /// but not what Nestor makes again for each guest.
  func disksToCopy(_ directory: String) -> [(disk: Disk, path: String)] {
    devices.disks.compactMap { disk in
      guard disk.device == .disk, disk.own != .seed, case .file(let path?) = disk.source,
        disk.isKept || path.hasPrefix("\(directory)/")
      else { return nil }
      return (disk, path)
    }
  }
}
