import DomainXML
import FoundationEssentials
import NestorImages
import NestorSupport
import Processes

/// Disk files of guests, made by qemu-img.
enum DiskFile {
  /// A path for a new file that no file has yet: snapshots may hold a disk that the guest does not have any more, and
  /// disks go on in a snapshot's files when it is gone.
  static func freePath(_ stem: String, _ format: Disk.Format = .qcow2) -> String {
    var (path, number) = ("\(stem).\(format.rawValue)", 1)
    while FileTree.exists(path) {
      number += 1
      path = "\(stem)-\(number).\(format.rawValue)"
    }
    return path
  }

  /// Makes a file, empty or laid over another; aside first, so that a file of that name is always whole.
  ///
  /// Only root may read it: libvirt makes QEMU's user its owner as long as the guest runs.
  static func create(
    _ path: String, size: UInt64, base: String? = nil, _ format: Disk.Format = .qcow2
  ) async throws {
    // Without the base's format QEMU would guess it from what is in there, which a guest may have written.
    let options = base.map { ["-b", $0, "-F", "qcow2"] } ?? []
    try await makeWhole(path, "cannot make the disk \(path)") { aside in
      try await Program("qemu-img", package: "qemu-utils").run(
        ["create", "-q", "-f", format.rawValue] + options + ["--", aside, "\(size)"])
    }
  }

  /// Has `body` fill a file aside that only root may read, and gives it its name; where that fails, nothing is left of it.
  private static func makeWhole(
    _ path: String, _ failure: String, _ body: (_ aside: String) async throws -> Void
  ) async throws {
    let aside = path + ".new"
    do {
      // Before anything of a guest's is in there.
      try FileTree.makeEmptyFile(aside, mode: 0o600)
      try await body(aside)
      try FileTree.rename(aside, to: path)
    } catch {
      try? FileTree.remove(aside)
      throw NestorError(wrapping: error, failure)
    }
  }

  /// Copies a qcow2 file that nobody writes meanwhile, without those of its snapshots that are named; blocks are shared where
  /// the file system can do that.
  static func copy(_ source: String, to path: String, withoutSnapshots names: [String]) async throws {
    try await makeWhole(path, "cannot copy the disk \(source)") { aside in
      try await Program("cp", package: "coreutils").run(["--reflink=auto", "--sparse=always", "--", source, aside])
      // A disk that came after a snapshot does not hold it.
      let held = names.isEmpty ? [] : try await snapshots(in: aside)
      for name in names where held.contains(name) {
        try await Program("qemu-img", package: "qemu-utils").run(["snapshot", "-d", name, "--", aside])
      }
    }
  }

  /// Copies a disk as a whole, whatever it is laid over, without its snapshots; `snapshot` is the one of it that is
  /// copied instead of its present state.
  ///
  /// A disk that a guest writes meanwhile has to have a snapshot: what belongs to that does not change any more. `newFormat` is
  /// the copy's; nil is that of the disk.
  static func flatten(
    _ source: String, _ format: Disk.Format, snapshot: String?, to path: String, as newFormat: Disk.Format? = nil
  ) async throws {
    try await makeWhole(path, "cannot copy the disk \(source)") { aside in
      try await convert(source, format, snapshot: snapshot, to: aside, newFormat ?? format)
    }
  }

  /// The same into a file that has no name, on the file system of a directory; `isToBeNamed` is whether it gets one.
  /// `newFormat` is the copy's format; nil for the source's.
  static func flattened(
    _ source: String, _ format: Disk.Format, snapshot: String?, in directory: String, as newFormat: Disk.Format? = nil,
    isToBeNamed: Bool = false
  ) async throws -> UnnamedFile {
    try await withContext("cannot copy the disk \(source)") {
      let copy = try UnnamedFile(in: directory, isToBeNamed: isToBeNamed)
      try await convert(source, format, snapshot: snapshot, to: copy.path, newFormat ?? format)
      return copy
    }
  }

  private static func convert(
    _ source: String, _ format: Disk.Format, snapshot: String?, to target: String, _ new: Disk.Format
  ) async throws {
    let choice = snapshot.map { ["-U", "-l", "snapshot.name=\($0)"] } ?? []
    try await Program("qemu-img", package: "qemu-utils").run(
      ["convert", "-q", "-f", format.rawValue, "-O", new.rawValue] + choice + ["--", source, target])
  }

  /// What `qemu-img info` says of a qcow2 file.
  private struct Information: Decodable {
    struct Snapshot: Decodable { let name: String }
    let snapshots: [Snapshot]?
    let base: String?

    enum CodingKeys: String, CodingKey {
      case snapshots
      case base = "full-backing-filename"
    }
  }

  /// The names of the snapshots inside a qcow2 file.
  static func snapshots(in path: String) async throws -> Set<String> {
    Set(try await information(path).snapshots?.map(\.name) ?? [])
  }

  /// The file that a qcow2 file, which a guest may be writing, is laid over; nil for none, and for what is no qcow2 file.
  static func base(of path: String) async throws -> String? {
    guard FileTree.exists(path), isQCOW2(path) else { return nil }
    return try await information(path).base
  }

  /// Whether a file begins as qcow2 files do.
  static func isQCOW2(_ path: String) -> Bool {
    let magic = QCOW2Header.magic
    return (try? ImageFile(path).bytes(at: 0, count: magic.count)) == magic
  }

  private static func information(_ path: String) async throws -> Information {
    let text = try await Program("qemu-img", package: "qemu-utils").run(
      ["info", "-U", "-f", "qcow2", "--output=json", "--", path])
    return try JSONDecoder().decode(Information.self, from: Data(text.utf8))
  }

  /// The size of a disk in bytes, as a guest sees it.
  static func size(_ path: String, _ format: Disk.Format = .qcow2) async throws -> UInt64 {
    try await BlockingWork.throwing {
      let file = try ImageFile(path)
      return format == .qcow2 ? try QCOW2Header(of: file).virtualSize : file.size
    }
  }
}
