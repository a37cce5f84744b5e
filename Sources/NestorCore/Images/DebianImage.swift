import FoundationEssentials
import Glibc
import NestorSupport

/// Makes the Debian image: a disk with systemd, cloud-init, an SSH server and sudo, and its kernel and initramfs as files.
///
/// The disk boots by BIOS, or by its kernel and initramfs with ``DebianImageFiles/commandLine``. It is made without
/// mounting anything and without a device: mmdebstrap makes a tree of files, mkfs.ext4 a file system of that, and GRUB's
/// parts are put where they belong.
struct DebianImage: Sendable {
  /// The suites that are known to become images that boot.
  static let suites = ["bookworm", "trixie"]

  /// The least size of the disk in bytes; a guest's own is grown at its first boot.
  private static let leastSize: UInt64 = 2 << 30

  let name: String
  let suite: String
  let report: ProgressHandler

  /// Fills a folder with the image's files.
  func fill(_ directory: String) async throws -> ImageRecord {
    let work = "\(directory)/.work"
    let root = "\(work)/root"
    try FileTree.makeDirectory(work)
    try await install(into: root, work)
    report(ProgressReport(name, "making the disk"))
    try settle(root)
    let packages = try await packages(in: root)
    let raw = "\(work)/disk"
    let size = try await makeDisk(raw, of: root, core: try await makeCore(work, root))
    report(ProgressReport(name, "compressing the disk"))
    try await Program("qemu-img", package: "qemu-utils").run([
      "convert", "-f", "raw", "-O", "qcow2", "-c", "-o", "compression_type=zstd", "--", raw, "\(directory)/disk.qcow2",
    ])
    for (link, role) in [("vmlinuz", "kernel"), ("initrd.img", "initramfs")] {
      try FileTree.write(try FileTree.read("\(root)/\(link)", limit: 1 << 30), to: "\(directory)/\(role)")
    }
    chmod("\(directory)/disk.qcow2", 0o644)
    try FileTree.remove(work)
    var files: [String: ImageRecord.File] = [:]
    for (role, file) in [("disk", "disk.qcow2"), ("kernel", "kernel"), ("initramfs", "initramfs")] {
      files[role] = try await ImageRecord.File(describing: file, in: directory)
    }
    return ImageRecord(
      kind: .disk, description: "Debian \(suite) with cloud-init and an SSH server",
      created: Date().formatted(.iso8601),
      sources: packages, files: files, diskSize: size)
  }

  /// Installs the packages, and fetches GRUB's beside them.
  private func install(into root: String, _ work: String) async throws {
    report(ProgressReport(name, "installing Debian \(suite), which takes some minutes"))
    try FileTree.write(Array(DebianImageFiles.fileSystems.utf8), to: "\(work)/fstab")
    try FileTree.makeDirectory("\(work)/grub")
    let quoted = "'\(work.replacing("'", with: "'\\''"))'"
    var arguments = ["--mode=root", "--variant=minbase", "--components=main", "--format=directory"]
    arguments += ["--aptopt=Acquire::Languages \"none\"", "--aptopt=APT::Install-Recommends \"false\""]
    arguments += DebianImageFiles.leftOut.map { "--dpkgopt=\($0)" }
    arguments.append("--include=\(DebianImageFiles.packages.joined(separator: ","))")
    let hooks = [
      ("essential", "cp \(quoted)/fstab \"$1\"/etc/fstab"),
      ("customize", "chroot \"$1\" systemctl -q enable systemd-networkd systemd-resolved"),
      (
        "customize",
        "chroot \"$1\" systemctl -q disable apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap"
      ),
      (
        "customize",
        "cd \(quoted)/grub && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -q download grub-common grub-pc-bin >&2"
      ),
    ]
    arguments += hooks.map { "--\($0.0)-hook=\($0.1)" }
    let report = report
    let name = name
    let program = Program("mmdebstrap", package: "mmdebstrap")
    let targets = try await Program("apt-get", package: "apt").run(AptSources.arguments)
    do {
      try await program.runGuarded(
        arguments + ["--", suite, root] + AptSources.lines(indexTargets: targets, suite: suite),
        note: { line in
          if line.hasPrefix("I: ") { report(ProgressReport(name, String(line.dropFirst(3)))) }
        })
    } catch let error as NestorError {
      throw error.hinting("the package lists may be missing or old: apt-get update")
    }
  }

  /// Makes the installed system one that every guest can begin with.
  private func settle(_ root: String) throws {
    for file in DebianImageFiles.all {
      try FileTree.makeDirectory(FileTree.parent(of: root + file.path))
      try FileTree.write(Array(file.text.utf8), to: root + file.path)
    }
    // Each guest makes keys, an identity and a seed of randomness of its own.
    for name in try FileTree.names(in: "\(root)/etc/ssh") where name.hasPrefix("ssh_host_") {
      try FileTree.remove("\(root)/etc/ssh/\(name)")
    }
    try FileTree.write([], to: "\(root)/etc/machine-id", mode: 0o444)
    for path in ["var/lib/systemd/random-seed", "vmlinuz.old", "initrd.img.old"] {
      try FileTree.remove("\(root)/\(path)")
    }
  }

  private func packages(in root: String) async throws -> [String] {
    try await Program("dpkg-query", package: "dpkg").run([
      "--admindir=\(root)/var/lib/dpkg", "-W", "-f", "${Package}_${Version}\\n",
    ]).split(separator: "\n").map(String.init)
  }

  /// GRUB's boot sector, and its core with all that it needs to find the kernel.
  private func makeCore(_ work: String, _ root: String) async throws -> (sector: [UInt8], core: [UInt8]) {
    // Below the new root, since the program wants the new system's libraries.
    let folder = "/.grub"
    let inside = root + folder
    for name in try FileTree.names(in: "\(work)/grub") {
      try await Program("dpkg-deb", package: "dpkg").run(["-x", "\(work)/grub/\(name)", inside])
    }
    let modules = "\(folder)/usr/lib/grub/i386-pc"
    try FileTree.write(Array(DebianImageFiles.grubStart.utf8), to: "\(inside)/start.cfg")
    try await Program("chroot", package: "coreutils").run([
      root, "\(folder)/usr/bin/grub-mkimage", "-O", "i386-pc", "-d", modules, "-p", "/boot/grub", "-c",
      "\(folder)/start.cfg", "-o", "\(folder)/core.img", "biosdisk", "part_msdos", "ext2", "search_label", "linux",
      "normal", "configfile", "boot", "minicmd", "ls", "serial", "terminal", "echo", "test",
    ])
    let result = (try FileTree.read("\(root)\(modules)/boot.img"), try FileTree.read("\(inside)/core.img"))
    try FileTree.remove(inside)
    return result
  }

  /// Makes a disk of a tree of files; answers with its size in bytes.
  private func makeDisk(_ path: String, of root: String, core: (sector: [UInt8], core: [UInt8])) async throws -> UInt64
  {
    let used = try await Program("du", package: "coreutils").run(["-skx", "--", root])
    let kibibytes = used.split(whereSeparator: { !$0.isNumber }).first.flatMap { UInt64($0) } ?? 0
    // Half as much again for what the file system itself needs and for the first writes, in whole GiB.
    let size = max(Self.leastSize, (((kibibytes * 1536) >> 30) + 1) << 30)
    let start = UInt64(MasterBootRecord.partitionStart) * UInt64(MasterBootRecord.sectorSize)
    guard
      let record = MasterBootRecord.bytes(
        code: core.sector, signature: .random(in: 1...UInt32.max), sectors: size / UInt64(MasterBootRecord.sectorSize)),
      core.core.count <= Int(start) - MasterBootRecord.sectorSize
    else {
      throw NestorError(.corrupted, "GRUB's packages hold no boot loader for BIOS that fits before a partition")
    }
    try FileTree.write(record + core.core, to: path, mode: 0o600)
    guard truncate(path, off_t(size)) == 0 else { throw SystemError("truncate \(path)") }
    // Features that the GRUB and the kernel of an older suite do not know stay off.
    try await Program("mkfs.ext4", package: "e2fsprogs").run([
      "-q", "-F", "-L", DebianImageFiles.label, "-m", "1", "-O", "^orphan_file,^metadata_csum_seed", "-E",
      "offset=\(start),lazy_itable_init=0,nodiscard", "-d", root, "--", path, "\((size - start) / 1024)k",
    ])
    return size
  }
}
