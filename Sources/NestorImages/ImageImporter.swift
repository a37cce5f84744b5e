import Glibc
import NestorSupport
import Probes
import Processes

/// Makes the disk of an image from a file that somebody else made.
///
/// The file is looked at by Nestor itself before QEMU reads it: what could name another file of this machine, or become
/// larger than allowed, is refused. qemu-img then makes a qcow2 of its own from it, within limits.
struct ImageImporter: Sendable {
  /// The image's name, for reports.
  private let name: String
  private let maxSize: UInt64
  private let report: ProgressHandler

  /// Whether a guest of this machine has written the disk: then it is never packed, and root alone may read the image.
  private let isOfGuest: Bool

  /// An importer for disks of at most `maxSize` bytes.
  init(_ name: String, maxSize: UInt64, isOfGuest: Bool = false, report: @escaping ProgressHandler) {
    self.name = name
    self.maxSize = min(maxSize, 1 << 56)
    self.isOfGuest = isOfGuest
    self.report = report
  }

  /// The most bytes that a file with such a disk can have: qcow2 needs some for its tables.
  var fileLimit: UInt64 { maxSize + maxSize / 8 + 64 << 20 }

  /// The disk's file in the image's folder, its size as a guest sees it, and what it was made from.
  struct Result {
    let file: ImageRecord.File
    let diskSize: UInt64
    let format: ImageFormat
  }

  /// Makes `disk.qcow2` in a folder from a file that nobody else can change meanwhile.
  ///
  /// `shown` is what messages call the file; `claimed` is the format that it is said to have.
  func makeDisk(from source: String, shown: String, claimed: ImageFormat?, in directory: String) async throws -> Result
  {
    let work = "\(directory)/\(ImageBuilder.workDirectory)"
    try FileTree.makeDirectory(work, mode: 0o700)
    do {
      var path = source
      var seen = try await inspect(path, claimed)
      if !isOfGuest, case .compressed(let compression) = seen.content {
        report(ProgressReport(name, "unpacking"))
        path = "\(work)/unpacked"
        try await unpack(source, compression, to: path)
        seen = try await inspect(path, claimed)
      }
      guard case .disk(let format) = seen.content else {
        throw isOfGuest
          ? ImageRefusal("it begins as a packed file does")
          : ImageRefusal("it is packed twice", hint: "unpack it first")
      }
      report(ProgressReport(name, "making the image"))
      let disk = "\(directory)/disk.qcow2"
      try await convert(path, format, to: disk)
      try FileTree.remove(work)
      let made = try await check(disk, seen.size)
      return Result(
        file: try await ImageRecord.File(describing: "disk.qcow2", in: directory), diskSize: made, format: format)
    } catch let refusal as ImageRefusal {
      throw refusal.explained(shown)
    }
  }

  /// What a file holds, and the size of the disk in it; 0 where it is compressed.
  private func inspect(_ path: String, _ claimed: ImageFormat?) async throws -> (content: ImageContent, size: UInt64) {
    let (fileLimit, maxSize) = (fileLimit, maxSize)
    return try await BlockingWork.throwing {
      let file = try ImageFile(path)
      guard file.size <= fileLimit else { throw ImageFile.tooLarge(maxSize) }
      let content = try ImageContent(file, claimed: claimed)
      switch content {
      case .compressed: return (content, 0)
      case .disk(.raw):
        guard file.size <= maxSize else { throw ImageFile.tooLarge(maxSize) }
        return (content, (file.size + 511) / 512 * 512)
      case .disk(.qcow2):
        let header = try QCOW2Header(of: file, maxSize: maxSize)
        try QCOW2Tables.check(file, header)
        return (content, header.virtualSize)
      }
    }
  }

  private func unpack(_ source: String, _ compression: ImageContent.Compression, to target: String) async throws {
    let limits = ProgramLimits(memory: 2 << 30, fileSize: try room(beside: target))
    let program = Program(compression.command[0], package: compression.package)
    do {
      try await program.runLimited(
        Array(compression.command.dropFirst()), limits, input: source, output: target)
    } catch let error as NestorError where error.code == .failed {
      if ProgramLimits.hasReachedFileSize(error) || UInt64(FileTree.size(target) ?? 0) >= limits.fileSize {
        throw limits.fileSize < fileLimit ? Self.noRoom(error) : ImageFile.tooLarge(maxSize)
      }
      throw ImageRefusal("it cannot be unpacked: \(error.cause ?? "unknown")", hint: "it may be cut off: fetch it anew")
    }
  }

  /// The most bytes that may be written to a file.
  private func room(beside path: String) throws -> UInt64 {
    min(fileLimit, try DiskSpaceProbe(path: FileTree.parent(of: path)).run().spareBytes)
  }

  private static func noRoom(_ error: NestorError) -> NestorError {
    NestorError(
      .noSpace, "there is no room for the disk in it", cause: error.cause,
      hint: "free some space where the state folder lies, then run it again")
  }

  private func convert(_ source: String, _ format: ImageFormat, to target: String) async throws {
    let limits = ProgramLimits(fileSize: try room(beside: target))
    do {
      try FileTree.makeEmptyFile(target, mode: isOfGuest ? 0o600 : 0o644)
      try await Program("qemu-img", package: "qemu-utils").runLimited(
        [
          "convert", "-f", format.rawValue, "-O", "qcow2", "-c", "-o", "compression_type=zstd", "--", source, target,
        ], limits)
    } catch let error as NestorError where error.code == .failed {
      if ProgramLimits.hasReachedFileSize(error), limits.fileSize < fileLimit { throw Self.noRoom(error) }
      throw ImageRefusal("QEMU cannot read it: \(error.cause ?? "unknown")", hint: "it may be cut off: fetch it anew")
    }
  }

  /// Looks at the disk that was made, makes it last, and answers with its size; it has to be the one that was expected.
  private func check(_ disk: String, _ expected: UInt64) async throws -> UInt64 {
    try await BlockingWork.throwing {
      let file = try ImageFile(disk)
      let header = try QCOW2Header(of: file)
      guard header.virtualSize == (expected + 511) / 512 * 512 else {
        throw ImageRefusal("QEMU made a disk of \(header.virtualSize) bytes from one of \(expected)")
      }
      guard fsync(file.descriptor) == 0 else { throw SystemError("fsync \(disk)") }
      return header.virtualSize
    }
  }
}
