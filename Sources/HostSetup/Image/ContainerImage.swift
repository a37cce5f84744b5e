import Glibc
import NestorImages
import NestorSupport
import Processes

/// Makes the image of a container that needs no network to become one in which guests run: Debian with libvirt, QEMU,
/// cloud-init, and Nestor's programs inside.
///
/// The result is a split image, `metadata.tar.gz` and a zstd `rootfs.squashfs`: either daemon imports it at once, and
/// unpacks it two to three times faster than one archive. See
/// <https://documentation.ubuntu.com/lxd/stable-5.0/reference/image_format/>.
package struct ContainerImage: Sendable {
  /// The suites of Debian that are known to become images that work.
  package static let suites = ["bookworm", "trixie"]

  /// Debian's suite.
  package var suite: String
  /// Nestor's programs and templates; they are put where a launch would put them.
  package var payload: Payload
  /// Folders of Nestor's images for guests, such as `/var/lib/nestor/images/tiny`, that are put inside as well; with nil
  /// the tiny image is made for it.
  package var guestImages: [String]?

  private let report: ProgressHandler

  /// An image of `suite`; `report` hears how far its making is, from any thread.
  package init(
    suite: String = "bookworm", payload: Payload, guestImages: [String]? = nil,
    report: @escaping ProgressHandler = { _ in }
  ) {
    self.suite = suite
    self.payload = payload
    self.guestImages = guestImages
    self.report = report
  }

  /// Makes the image as a folder, and the folders above it; takes some three minutes and 1.5 GB beside that folder
  /// meanwhile.
  ///
  /// The folder gets its name in one step when all is done; a kill before leaves one whose name ends with `.new`, which the
  /// next try takes away. Throws a ``NestorError``: `exists` where there is a folder already, unless `replacing` is set and
  /// it holds an image; `busy` where another program is making it; `permissionDenied` without root; `unavailable` for a
  /// program that is missing.
  package func build(into path: String, replacing: Bool = false) async throws {
    // What a shell completes ends with a slash, and the names beside the folder are made of its own.
    let folder = Self.withoutSlashes(path)
    try check(folder, replacing: replacing)
    let aside = "\(folder).new"
    let lock = try Self.lock(folder)
    defer { withExtendedLifetime(lock) {} }
    do {
      try FileTree.remove(aside)
      try FileTree.makeDirectory(aside)
      try await fill(aside)
      try FileTree.remove(folder)
      try FileTree.rename(aside, to: folder)
    } catch {
      try? FileTree.remove(aside)
      if let error = error as? SystemError { throw error.explained("cannot make the image \(folder)") }
      throw error
    }
  }

  /// A path without the slashes at its end, unless it is the root.
  static func withoutSlashes(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path)
  }

  /// Keeps other programs from making the same image; makes the folder that it is to lie in.
  static func lock(_ folder: String) throws -> FileLock {
    let failure = "cannot make the image \(folder)"
    do {
      try FileTree.makeDirectory(FileTree.parent(of: folder))
      if let lock = try FileLock.tryAcquire("\(folder).lock") { return lock }
    } catch let error as SystemError {
      throw error.explained(failure)
    }
    throw NestorError(.busy, failure, cause: "another program is making it")
  }

  private func check(_ folder: String, replacing: Bool) throws {
    guard Self.suites.contains(suite) else {
      throw NestorError(
        .invalidArgument, "there is no recipe for Debian's suite '\(suite)'",
        hint: "one of: \(Self.suites.joined(separator: ", "))")
    }
    guard geteuid() == 0 else {
      throw NestorError(
        .permissionDenied, "cannot make an image without root", cause: "its files belong to many accounts",
        hint:
          "run this with sudo, or launch from an image server: nestor-host launch NAME --image images:debian/12/cloud"
      )
    }
    for image in guestImages ?? [] where !FileTree.exists("\(image)/image.json") {
      throw NestorError(
        .notFound, "there is no image for guests in \(image)", cause: "it has no image.json",
        hint: "nestor image build tiny makes one below /var/lib/nestor/images")
    }
    guard FileTree.exists(folder) else { return }
    guard replacing else {
      throw NestorError(
        .exists, "\(folder) is there already", hint: "make it anew: --rebuild, or choose another folder")
    }
    // Whatever else lies there is not this program's to delete.
    let strangers = try FileTree.names(in: folder).filter { !ContainerImageFiles.results.contains($0) }
    guard strangers.isEmpty else {
      throw NestorError(
        .exists, "\(folder) is no folder of an image", cause: "it holds \(strangers.prefix(3).joined(separator: ", "))",
        hint: "choose another folder")
    }
  }

  private func fill(_ folder: String) async throws {
    let tree = "\(folder)/tree"
    try await install(into: tree)
    let state = "\(folder)/state"
    var images = guestImages
    if images == nil { images = [try await makeTinyImage(state)] }
    try await settle(tree, guestImages: images ?? [])
    try FileTree.remove(state)
    report(ProgressReport(subject, "packing"))
    let metadata = "\(folder)/metadata"
    try FileTree.makeDirectory("\(metadata)/templates")
    for file in ContainerImageFiles.metadata(suite: suite, created: time(nil)) {
      try FileTree.write(Array(file.text.utf8), to: metadata + file.path)
    }
    try await Program("tar", package: "tar").run([
      "-C", metadata, "--owner=0", "--group=0", "--numeric-owner", "-czf", "\(folder)/metadata.tar.gz", "metadata.yaml",
      "templates",
    ])
    try await Program("mksquashfs", package: "squashfs-tools").runGuarded(
      [
        tree, "\(folder)/rootfs.squashfs", "-noappend", "-quiet", "-no-progress", "-comp", "zstd",
        "-Xcompression-level", "12", "-b", "256K",
      ], note: { _ in })
    try FileTree.remove(tree)
    try FileTree.remove(metadata)
  }

  private var subject: String { "image" }

  private func install(into tree: String) async throws {
    report(ProgressReport(subject, "installing Debian \(suite), which takes some minutes"))
    var arguments = DebianImageParts.options
    arguments.append("--include=\(ContainerImageFiles.packages.joined(separator: ","))")
    arguments += [
      "--customize-hook=chroot \"$1\" systemctl -q enable systemd-networkd systemd-resolved",
      "--customize-hook=chroot \"$1\" systemctl -q disable \(ContainerImageFiles.disabledUnits.joined(separator: " "))",
    ]
    // A machine that is no Debian has no list of Debian's repositories; mmdebstrap then takes Debian's own.
    let targets = (try? await Program("apt-get", package: "apt").run(AptSources.arguments)) ?? ""
    let (report, subject) = (report, subject)
    do {
      try await Program("mmdebstrap", package: "mmdebstrap").runGuarded(
        arguments + ["--", suite, tree] + AptSources.lines(indexTargets: targets, suite: suite),
        note: { line in
          if line.hasPrefix("I: ") { report(ProgressReport(subject, String(line.dropFirst(3)))) }
        })
    } catch let error as NestorError {
      throw error.hinting("the package lists may be missing or old: apt-get update")
    }
  }

  /// Makes the installed system one that every container can begin with.
  private func settle(_ tree: String, guestImages: [String]) async throws {
    report(ProgressReport(subject, "putting Nestor inside"))
    // Each container makes keys, an identity and a seed of randomness of its own.
    for path in ["etc/resolv.conf", "var/lib/systemd/random-seed"] { try FileTree.remove("\(tree)/\(path)") }
    try FileTree.write([], to: "\(tree)/etc/machine-id", mode: 0o444)
    for file in ContainerImageFiles.all {
      try FileTree.makeDirectory(FileTree.parent(of: tree + file.path))
      try FileTree.write(Array(file.text.utf8), to: tree + file.path)
    }
    for link in ContainerImageFiles.links {
      try FileTree.makeDirectory(FileTree.parent(of: tree + link.path))
      try FileTree.remove(tree + link.path)
      guard symlink(link.target, tree + link.path) == 0 else { throw SystemError("symlink \(tree)\(link.path)") }
    }
    let version = try await Program("dpkg-query", package: "dpkg").run([
      "--admindir=\(tree)/var/lib/dpkg", "-W", "-f", "${Version}", "libvirt0",
    ])
    try append(ContainerImageFiles.qemuSettings(libvirt: version), to: "\(tree)/etc/libvirt/qemu.conf")
    for (name, rules) in [
      ("abstractions/libvirt-qemu", ContainerImageFiles.appArmorRules),
      ("usr.lib.libvirt.virt-aa-helper", ContainerImageFiles.appArmorHelperRules),
    ] {
      let path = "\(tree)/etc/apparmor.d/local/\(name)"
      try FileTree.makeDirectory(FileTree.parent(of: path))
      try append(rules, to: path)
    }
    try await putNestor(into: tree, guestImages: guestImages)
  }

  /// Makes Nestor's tiny image by the very program that goes inside, and answers with its folder below `state`.
  private func makeTinyImage(_ state: String) async throws -> String {
    report(ProgressReport(subject, "making the tiny image for guests"))
    try await Program(payload.nestor, package: "nestor").run(
      ["image", "build", "tiny"], environment: ["NESTOR_STATE_DIR": state, "NESTOR_RUN_DIR": "\(state)/run"])
    return "\(state)/images/tiny"
  }

  private func append(_ text: String, to path: String) throws {
    let old = FileTree.exists(path) ? try FileTree.read(path) : []
    try FileTree.write(old + Array(text.utf8), to: path)
  }

  private func putNestor(into tree: String, guestImages: [String]) async throws {
    let install = Program("install", package: "coreutils")
    for item in payload.items {
      try await install.run(["-D", "-o", "0", "-g", "0", "-m", item.mode, "--", item.source, tree + item.target])
    }
    // A volume of the container's lies over the folder of images, so they are copied there when the container starts.
    let shelf = "/usr/local/share/nestor/images"
    try FileTree.makeDirectory(tree + shelf)
    var rules = ""
    for image in guestImages {
      guard let path = realpath(image, nil) else { throw SystemError("realpath \(image)") }
      defer { free(path) }
      let real = String(cString: path)
      let name = real.split(separator: "/").last.map(String.init) ?? real
      try await Program("cp", package: "coreutils").run(
        ["-r", "--sparse=always", "--preserve=mode,timestamps", "--", real, "\(tree)\(shelf)/\(name)"])
      rules += "C /var/lib/nestor/images/\(name) - - - - \(shelf)/\(name)\n"
    }
    guard !rules.isEmpty else { return }
    try FileTree.write(Array((ContainerImageFiles.imageFolders + rules).utf8), to: tree + "/etc/tmpfiles.d/nestor.conf")
  }
}
