import NestorSupport

/// Disk files of guests, made by qemu-img.
enum DiskFile {
  /// Makes a qcow2 file, empty or laid over another; aside first, so that a file of that name is always whole.
  static func create(_ path: String, size: UInt64, base: String? = nil) async throws {
    let aside = path + ".new"
    // Without the base's format QEMU would guess it from what is in there, which a guest may have written.
    let options = base.map { ["-b", $0, "-F", "qcow2"] } ?? []
    do {
      try await Program("qemu-img", package: "qemu-utils").run(
        ["create", "-q", "-f", "qcow2"] + options + ["--", aside, "\(size)"])
      try FileTree.rename(aside, to: path)
    } catch {
      try? FileTree.remove(aside)
      throw NestorError(explaining: error, "cannot make the disk \(path)")
    }
  }

  /// Copies a qcow2 file that nobody writes meanwhile, without those of its snapshots; blocks are shared where the file
  /// system can do that.
  static func copy(_ source: String, to path: String, withoutSnapshots names: [String]) async throws {
    let aside = path + ".new"
    do {
      try await Program("cp", package: "coreutils").run(["--reflink=auto", "--sparse=always", "--", source, aside])
      for name in names {
        try await Program("qemu-img", package: "qemu-utils").run(["snapshot", "-d", name, "--", aside])
      }
      try FileTree.rename(aside, to: path)
    } catch {
      try? FileTree.remove(aside)
      throw NestorError(explaining: error, "cannot copy the disk \(source)")
    }
  }
}
