import FoundationEssentials
import Glibc
import NestorSupport
import Processes

/// Makes the Debian image: a disk with systemd, cloud-init, an SSH server and sudo, and its kernel and initramfs as files.
///
/// The disk boots by BIOS, by UEFI with and without Secure Boot, or by its kernel and initramfs with
/// ``DebianImageFiles/commandLine``. It is made without mounting anything and without a device: mmdebstrap makes a tree of
/// files, and ``DebianDisk`` a disk of that.
struct DebianImage: Sendable {
  /// The suites that are known to become images that boot.
  static let suites = ["bookworm", "trixie"]

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
    let loaders = try await BootLoaders(packagesIn: "\(work)/loaders", root: root)
    let size = try await DebianDisk(path: raw).make(of: root, loaders: loaders)
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

  /// Installs the packages, and fetches those of the boot loaders beside them.
  private func install(into root: String, _ work: String) async throws {
    report(ProgressReport(name, "installing Debian \(suite), which takes some minutes"))
    try FileTree.write(Array(DebianImageFiles.fileSystems.utf8), to: "\(work)/fstab")
    try FileTree.write(Array(DebianImageFiles.earlyModules.utf8), to: "\(work)/early")
    try FileTree.makeDirectory("\(work)/loaders")
    let quoted = "'\(work.replacing("'", with: "'\\''"))'"
    var arguments = DebianImageParts.options
    arguments.append("--include=\(DebianImageFiles.packages.joined(separator: ","))")
    let hooks = [
      ("essential", "cp \(quoted)/fstab \"$1\"/etc/fstab"),
      (
        "essential",
        "folder=\"$1\"/usr/share/initramfs-tools/modules.d && mkdir -p \"$folder\" && cp \(quoted)/early \"$folder\"/nestor"
      ),
      ("customize", "chroot \"$1\" systemctl -q enable systemd-networkd systemd-resolved"),
      (
        "customize",
        "chroot \"$1\" systemctl -q disable apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap"
      ),
      (
        "customize",
        "cd \(quoted)/loaders && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -q download "
          + "\(BootLoaders.packages.joined(separator: " ")) >&2"
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
}
