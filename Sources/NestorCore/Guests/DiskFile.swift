import NestorSupport

/// Disk files of guests, made by qemu-img.
enum DiskFile {
  /// Makes an empty qcow2 file; aside first, so that a file of that name is always whole.
  static func create(_ path: String, size: UInt64) async throws {
    let aside = path + ".new"
    do {
      try await Program("qemu-img", package: "qemu-utils").run(["create", "-q", "-f", "qcow2", "--", aside, "\(size)"])
      try FileTree.rename(aside, to: path)
    } catch {
      try? FileTree.remove(aside)
      throw NestorError(explaining: error, "cannot make the disk \(path)")
    }
  }
}
