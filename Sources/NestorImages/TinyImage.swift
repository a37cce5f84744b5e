import FoundationEssentials
import Glibc
import NestorSupport
import Processes

/// Makes the tiny image: Debian's cloud kernel and an initramfs of busybox, up in seconds even in emulation.
///
/// The initramfs holds what a guest of libvirt needs and no more: virtio drivers, vsock, a DHCP client on every NIC,
/// clean power-off on ACPI. Executable files in `/etc/nestor/init.d`, which a second cpio archive behind the first may
/// bring, are run before the guest says that it is up. A third file, `filesystems`, is such an archive with modules.
struct TinyImage: Sendable {
  /// The modules that the guest loads, in this order; what they depend on comes along.
  static let modules = [
    "virtio_pci", "virtio_net", "virtio_blk", "virtio_console", "virtio_rng", "virtio_balloon", "virtio_scsi", "sd_mod",
    "vsock", "vmw_vsock_virtio_transport", "vmgenid", "pvpanic-mmio", "button", "evdev",
  ]

  /// Modules that are there for whoever asks, but not loaded: vsock_loopback would compete with the host's transport, and
  /// only who looks into a seed needs isofs.
  static let spareModules = ["vsock_loopback", "isofs"]

  /// Modules for the disks of other systems, in an archive of their own: with them the initramfs would be three times as
  /// large. Debian 12's kernel has ext4 in itself.
  static let fileSystemModules = ["ext4", "xfs", "btrfs", "vfat", "nls_cp437", "nls_ascii"]

  private let report: ProgressHandler

  init(report: @escaping ProgressHandler) {
    self.report = report
  }

  /// Fills a folder with the image's files.
  func fill(_ directory: String) async throws -> ImageRecord {
    let work = "\(directory)/.work"
    try FileTree.makeDirectory(work)
    report(ProgressReport("tiny", "fetching the kernel and busybox"))
    let packages = try await download(into: work)
    report(ProgressReport("tiny", "unpacking"))
    let tree = "\(work)/tree"
    for package in packages { try await Program("dpkg-deb", package: "dpkg").run(["-x", package.file, tree]) }
    let version = try kernelVersion(in: tree)
    report(ProgressReport("tiny", "packing the initramfs"))
    let (root, fileSystems) = ("\(work)/root", "\(work)/filesystems")
    try await makeRoot(root, fileSystems: fileSystems, from: tree, version: version)
    try await pack(root, into: "\(directory)/initramfs")
    try await pack(fileSystems, into: "\(directory)/\(ImageRecord.File.fileSystems)")
    try FileTree.rename("\(tree)/boot/vmlinuz-\(version)", to: "\(directory)/kernel")
    chmod("\(directory)/kernel", 0o644)
    try FileTree.remove(work)
    var files: [String: ImageRecord.File] = [:]
    for file in ["kernel", "initramfs", ImageRecord.File.fileSystems] {
      files[file] = try await ImageRecord.File(describing: file, in: directory)
    }
    return ImageRecord(
      kind: .kernel, description: "Debian's kernel \(version) with busybox, for tests and first steps",
      created: Date().formatted(.iso8601), sources: packages.map(\.name),
      files: files)
  }

  /// The packages, as files that apt has checked against the signed lists.
  private func download(into folder: String) async throws -> [(name: String, file: String)] {
    let hint = "the package lists may be missing or old: apt-get update"
    do {
      let depends = try await Program("apt-cache", package: "apt").run(["depends", "linux-image-cloud-amd64"])
      let kernel = depends.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        .first { $0.hasPrefix("Depends: linux-image-") }?.dropFirst("Depends: ".count)
      guard let kernel else { throw NestorError(.notFound, "apt knows no package linux-image-cloud-amd64", hint: hint) }
      let store = "\(folder)/packages"
      try FileTree.makeDirectory(store)
      try await Program("apt-get", package: "apt").run(
        ["-o", "APT::Sandbox::User=root", "download", String(kernel), "busybox-static"], directory: store)
      return try FileTree.names(in: store).map { ($0.replacing(".deb", with: ""), "\(store)/\($0)") }
    } catch let error as NestorError {
      throw error.hinting(hint)
    }
  }

  private func kernelVersion(in tree: String) throws -> String {
    // Debian 13 has /lib as a link into /usr.
    for folder in ["lib/modules", "usr/lib/modules"] {
      if let version = try FileTree.names(in: "\(tree)/\(folder)").first { return version }
    }
    throw NestorError(.corrupted, "the kernel package holds no modules")
  }

  /// Makes the tree of the initramfs, and that of the modules of file systems.
  private func makeRoot(_ root: String, fileSystems: String, from tree: String, version: String) async throws {
    for folder in [
      "bin", "dev", "proc", "sys", "run", "tmp", "root", "mnt", "etc/init.d", "etc/acpi/PWRF", "etc/nestor/init.d",
      "var",
    ] { try FileTree.makeDirectory("\(root)/\(folder)") }
    for (path, text, mode) in TinyImageFiles.all { try FileTree.write(Array(text.utf8), to: root + path, mode: mode) }
    let busybox = FileTree.exists("\(tree)/bin/busybox") ? "\(tree)/bin/busybox" : "\(tree)/usr/bin/busybox"
    try FileTree.rename(busybox, to: "\(root)/bin/busybox")
    let base = FileTree.exists("\(tree)/lib/modules") ? tree : "\(tree)/usr"
    let depmod = Program("depmod", package: "kmod")
    // depmod looks below lib/modules of its base, whichever of the two places the package uses.
    try await depmod.run(["-b", base, version])
    let directory = "lib/modules/\(version)"
    let own = try moduleFiles(Self.modules + Self.spareModules, in: "\(base)/\(directory)")
    let fileSystemFiles = try moduleFiles(Self.fileSystemModules, in: "\(base)/\(directory)").subtracting(own)
    try move(own.union(fileSystemFiles), from: "\(base)/\(directory)", to: "\(root)/\(directory)")
    for file in ["modules.builtin", "modules.builtin.modinfo", "modules.order"]
    where FileTree.exists("\(base)/\(directory)/\(file)") {
      try FileTree.rename("\(base)/\(directory)/\(file)", to: "\(root)/\(directory)/\(file)")
    }
    // Its lists name all of them, so that modprobe also finds modules which a second archive brings.
    try await depmod.run(["-b", root, version])
    try move(fileSystemFiles, from: "\(root)/\(directory)", to: "\(fileSystems)/\(directory)")
  }

  private func move(_ files: Set<String>, from source: String, to target: String) throws {
    for file in files.sorted() {
      try FileTree.makeDirectory(FileTree.parent(of: "\(target)/\(file)"))
      try FileTree.rename("\(source)/\(file)", to: "\(target)/\(file)")
    }
  }

  /// The files of modules and of all that they depend on, by modules.dep, see modules.dep(5).
  private func moduleFiles(_ modules: [String], in folder: String) throws -> Set<String> {
    var files: Set<String> = []
    let wanted = Set(modules.map { $0.replacing("-", with: "_") })
    for line in try FileTree.readText("\(folder)/modules.dep").split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == ":" || $0 == " " }).map(String.init)
      guard let file = words.first, let base = file.split(separator: "/").last else { continue }
      let name = String(base.split(separator: ".")[0]).replacing("-", with: "_")
      if wanted.contains(name) { files.formUnion(words) }
    }
    guard !files.isEmpty else { throw NestorError(.corrupted, "the kernel package holds none of the modules wanted") }
    return files
  }

  private func pack(_ root: String, into file: String) async throws {
    let names = try paths(below: root, prefix: ".")
    let archive = "\(root).cpio"
    // cpio takes the names from its input; owner and numbers are fixed so that equal trees give equal archives.
    try await Program("cpio", package: "cpio").run(
      ["--quiet", "-o", "-H", "newc", "-R", "0:0", "--reproducible", "-O", archive],
      input: .text(names.joined(separator: "\n") + "\n"), directory: root)
    try await Program("zstd", package: "zstd").run(["-q", "-19", "--rm", "-o", file, archive])
  }

  private func paths(below folder: String, prefix: String) throws -> [String] {
    var result = [prefix]
    for name in try FileTree.names(in: folder) {
      let path = "\(folder)/\(name)"
      let shown = "\(prefix)/\(name)"
      result += FileTree.isDirectory(path) ? try paths(below: path, prefix: shown) : [shown]
    }
    return result
  }
}
