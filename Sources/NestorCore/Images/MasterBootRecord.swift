/// The first sector of a disk that BIOS boots, with GRUB's code in it and one partition.
///
/// GRUB's boot sector loads what lies in the sector behind it, and that the rest of GRUB's core behind that again; both
/// go by numbers that are right as GRUB's files are built, see
/// https://www.gnu.org/software/grub/manual/grub/html_node/Images.html. So no installation program has to be run, which
/// would want a device.
enum MasterBootRecord {
  /// The size of a sector in bytes.
  static let sectorSize = 512
  /// The first sector of the partition: what lies before it is GRUB's.
  static let partitionStart: UInt32 = 2048
  private static let codeSize = 440

  /// The sector; `code` is GRUB's boot.img, the partition reaches to the end of a disk of `sectors` sectors.
  ///
  /// Nil where the code is no boot sector, or the disk too small or too large for the record, which is 2 TiB.
  static func bytes(code: [UInt8], signature: UInt32, sectors: UInt64) -> [UInt8]? {
    guard code.count == sectorSize, let length = UInt32(exactly: sectors), length > partitionStart else { return nil }
    var record = Array(code.prefix(codeSize))
    record += littleEndian(signature) + [0, 0]
    // Bootable, of Linux; the addresses by cylinder and head say that only those by sector count.
    record += [0x80, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff]
    record += littleEndian(partitionStart) + littleEndian(length - partitionStart)
    record += [UInt8](repeating: 0, count: 3 * 16)
    return record + [0x55, 0xaa]
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
