/// The first sector of a disk, with GRUB's code in it and up to four partitions.
///
/// GRUB's boot sector loads what lies in the sector behind it, and that the rest of GRUB's core behind that again; both
/// go by numbers that are right as GRUB's files are built, see
/// https://www.gnu.org/software/grub/manual/grub/html_node/Images.html. So no installation program has to be run, which
/// would want a device. UEFI reads this kind of table as well as its own, see its specification, 5.2.1.
enum MasterBootRecord {
  /// A range of the disk, in sectors.
  struct Partition {
    /// What the partition holds.
    enum Kind: UInt8 {
      case linux = 0x83
      /// A file system from which UEFI starts its boot loader.
      case efiSystem = 0xef
    }

    let kind: Kind
    let start: UInt64
    let end: UInt64
  }

  /// The size of a sector in bytes.
  static let sectorSize: UInt64 = 512
  private static let codeSize = 440
  private static let entryCount = 4

  /// The sector; `code` is GRUB's boot.img.
  ///
  /// Nil where the code is no boot sector, there are more partitions than have room, one of them is empty or lies on the
  /// one before it, or beyond what the record can name, which is 2 TiB.
  static func bytes(code: [UInt8], signature: UInt32, partitions: [Partition]) -> [UInt8]? {
    guard UInt64(code.count) == sectorSize, partitions.count <= entryCount else { return nil }
    var record = Array(code.prefix(codeSize))
    record += littleEndian(signature) + [0, 0]
    var free: UInt64 = 1
    for partition in partitions {
      guard partition.start >= free, partition.end > partition.start, let start = UInt32(exactly: partition.start),
        let length = UInt32(exactly: partition.end - partition.start), partition.end <= 1 << 32
      else { return nil }
      free = partition.end
      // Bootable for a BIOS that wants to see that; the addresses by cylinder and head say that only those by sector count.
      record += [partition.kind == .linux ? 0x80 : 0, 0xfe, 0xff, 0xff, partition.kind.rawValue, 0xfe, 0xff, 0xff]
      record += littleEndian(start) + littleEndian(length)
    }
    record += [UInt8](repeating: 0, count: (entryCount - partitions.count) * 16)
    return record + [0x55, 0xaa]
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
