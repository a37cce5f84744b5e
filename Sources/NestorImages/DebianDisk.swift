import Glibc
import NestorSupport
import Processes

/// The disk of the Debian image: a small partition from which UEFI boots, and the root file system up to the end.
///
///     sector      0   the partitions, and GRUB's boot sector for BIOS
///     sector      1   GRUB's core
///     sector   2048   UEFI's partition, FAT
///     sector  34816   the root file system, ext4; the last, so that it can grow with the disk
struct DebianDisk: Sendable {
  /// The least size in bytes; a guest's own is grown at its first boot.
  private static let leastSize: UInt64 = 2 << 30
  private static let efiStart: UInt64 = 2048
  private static let rootStart: UInt64 = 34816

  /// The disk's file, in raw format.
  let path: String

  /// Makes the disk of a tree of files, without mounting anything and without a device; answers with its size in bytes.
  func make(of root: String, loaders: BootLoaders) async throws -> UInt64 {
    let used = try await Program("du", package: "coreutils").run(["-skx", "--", root])
    let kibibytes = used.split(whereSeparator: { !$0.isNumber }).first.flatMap { UInt64($0) } ?? 0
    // Half as much again for what the file system itself needs and for the first writes, in whole GiB.
    let size = max(Self.leastSize, (((kibibytes * 1536) >> 30) + 1) << 30)
    let sectors = size / MasterBootRecord.sectorSize
    let room = Self.efiStart * MasterBootRecord.sectorSize
    guard
      let record = MasterBootRecord.bytes(
        code: loaders.sector, signature: .random(in: 1...UInt32.max),
        partitions: [
          MasterBootRecord.Partition(kind: .efiSystem, start: Self.efiStart, end: Self.rootStart),
          MasterBootRecord.Partition(kind: .linux, start: Self.rootStart, end: sectors),
        ]),
      record.count + loaders.core.count <= room
    else {
      throw NestorError(.corrupted, "GRUB's packages hold no boot loader for BIOS that fits before a partition")
    }
    try FileTree.write(record + loaders.core, to: path, mode: 0o600)
    guard truncate(path, off_t(size)) == 0 else { throw SystemError("truncate \(path)") }
    try await makeEFIPartition(loaders)
    try await makeRoot(root, size: size)
    return size
  }

  private func makeEFIPartition(_ loaders: BootLoaders) async throws {
    let kibibytes = (Self.rootStart - Self.efiStart) * MasterBootRecord.sectorSize / 1024
    try await Program("mkfs.fat", package: "dosfstools").run([
      "-F", "16", "-n", "EFI", "--offset", "\(Self.efiStart)", "--", path, "\(kibibytes)",
    ])
    let image = "\(path)@@\(Self.efiStart * MasterBootRecord.sectorSize)"
    try await Program("mmd", package: "mtools").run(["-i", image, "::EFI", "::EFI/BOOT", "::EFI/debian"])
    let aside = "\(path).efi"
    for file in loaders.efiFiles {
      try FileTree.write(file.bytes, to: aside, mode: 0o600)
      try await Program("mcopy", package: "mtools").run(["-i", image, aside, "::\(file.path)"])
    }
    try FileTree.remove(aside)
  }

  private func makeRoot(_ root: String, size: UInt64) async throws {
    let start = Self.rootStart * MasterBootRecord.sectorSize
    // Features that the GRUB and the kernel of an older suite do not know stay off.
    try await Program("mkfs.ext4", package: "e2fsprogs").run([
      "-q", "-F", "-L", DebianImageFiles.label, "-m", "1", "-O", "^orphan_file,^metadata_csum_seed", "-E",
      "offset=\(start),lazy_itable_init=0,nodiscard", "-d", root, "--", path, "\((size - start) / 1024)k",
    ])
  }
}
