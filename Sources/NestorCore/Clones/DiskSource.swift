import DomainXML
import Libvirt
import NestorImages

/// A guest of whose disks copies are made: as they are while it is off, or as they were at a moment of it.
struct DiskSource: Sendable {
  /// A disk that each copy has for itself.
  struct File: Sendable {
    /// Where it lies.
    let path: String
    /// Its format.
    let format: Disk.Format
    /// Whether it only exists for the memory of snapshots.
    let isForMemory: Bool
    /// Whether the guest only reads it, so that snapshots do not hold it.
    let isReadOnly: Bool
  }

  /// The guest.
  let domain: Domain
  /// What Nestor knows of it.
  let record: GuestRecord
  /// The definition that its copies are made from.
  let definition: DomainDefinition
  /// The disks.
  let files: [File]
  /// The snapshot inside these files that is copied; nil for what is in them now.
  let moment: String?
  /// What the image is said to be made of that holds these disks.
  let origin: ImageRecord.Guest

  /// The snapshot that is copied of a disk; nil for what is in it now.
  func moment(in file: File) -> String? { file.isReadOnly ? nil : moment }
}
