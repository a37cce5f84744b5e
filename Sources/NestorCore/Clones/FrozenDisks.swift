import DomainXML
import NestorImages
import NestorSupport

/// Disks of a guest as they were at one time, which the disks of its copies are laid over.
struct FrozenDisks: Sendable {
  /// A frozen disk.
  struct Disk: Sendable {
    /// Its file in the image.
    let path: String
    /// Its size in bytes, as a guest sees it.
    let size: UInt64
  }

  /// The image that holds them.
  let image: Image
  /// The disks by their places among the source's; what cannot lie under another disk is not there.
  let disks: [Int: Disk]

  /// The places of those of a source's disks that others can be laid over.
  static func places(_ source: DiskCloneSource) -> [Int] {
    source.files.indices.filter { source.files[$0].format == .qcow2 && !source.files[$0].isForMemory }
  }

  /// The role in the image of the disk that is so many down the list.
  static func role(_ number: Int) -> String { number == 0 ? "disk" : "disk\(number)" }
}
