/// What can be seen of a raw disk from its first bytes.
enum RawDisk {
  private static let sector: UInt64 = 512

  /// Whether there is a boot sector, a partition table or a file system.
  static func isKnown(_ head: [UInt8]) -> Bool {
    marks.contains { head.dropFirst($0.offset).starts(with: $0.mark) }
  }

  private static let marks: [(offset: Int, mark: [UInt8])] = [
    // Boot sectors, partition tables of the old kind, and the one that a GPT has for those who do not know it.
    (510, [0x55, 0xaa]), (512, Array("EFI PART".utf8)), (4096, Array("EFI PART".utf8)),
    // ext2 to ext4, XFS, Btrfs, SquashFS, ISO 9660, LVM.
    (1080, [0x53, 0xef]), (0, Array("XFSB".utf8)), (65600, Array("_BHRfS_M".utf8)), (0, Array("hsqs".utf8)),
    (32769, Array("CD001".utf8)), (512, Array("LABELONE".utf8)),
  ]

  /// Refuses a disk of which the end is missing, as far as its partition table tells.
  ///
  /// UEFI Specification, 5.3.2: the header of a GPT, in the second sector, tells where its copy lies, which is the last.
  static func check(_ head: [UInt8], size: UInt64) throws {
    if head.dropFirst(512).starts(with: Array("EFI PART".utf8)), let copy = little(head, at: 512 + 32) {
      guard copy < size / sector else { throw truncated(needs: copy, size) }
    }
    // The MBR's four entries; not those of a disk that is an ISO 9660 file system too, which has them for show.
    guard head.dropFirst(510).starts(with: [0x55, 0xaa]), !head.dropFirst(32769).starts(with: Array("CD001".utf8))
    else {
      return
    }
    for entry in stride(from: 446, to: 510, by: 16) where [0x82, 0x83, 0x8e].contains(head[entry + 4]) {
      guard let both = little(head, at: entry + 8) else { return }
      let end = (both & 0xffff_ffff) + (both >> 32)
      guard end <= size / sector + 1 else { throw truncated(needs: end - 1, size) }
    }
  }

  private static func truncated(needs last: UInt64, _ size: UInt64) -> ImageRefusal {
    ImageRefusal(
      "it is cut off: its partition table speaks of sector \(last), and it has \(size / sector) of 512 bytes",
      hint: "fetch it anew")
  }

  private static func little(_ bytes: [UInt8], at offset: Int) -> UInt64? {
    guard offset >= 0, bytes.count >= offset + 8 else { return nil }
    return bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
