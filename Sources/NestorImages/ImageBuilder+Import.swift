import FoundationEssentials
import Glibc
import NestorSupport

extension ImageBuilder {
  /// Where an imported image comes from.
  package enum Source: Sendable, Equatable {
    /// A regular file.
    case file(String)
    /// What comes on standard input, up to its end.
    case standardInput
  }

  /// The largest disk in bytes that is imported unless the caller says otherwise.
  package static let defaultMaxSize: UInt64 = 1 << 40

  /// Makes an image of a disk that somebody else made: qcow2 or raw, also packed by gzip, xz or zstd.
  ///
  /// What it is shows from its content; a `format` that it is said to have is compared with that. Files that could make
  /// QEMU read others, encrypted, damaged and oversized ones are refused with code `corrupted`, and nothing is left of
  /// them. `maxSize` bounds the disk in bytes, and what is unpacked. An image of that name is an error (`exists`) unless
  /// it is to be replaced; then `requireUnused` throws where guests' disks lie over it.
  package func importImage(
    _ source: Source, name: String, format: ImageFormat? = nil, maxSize: UInt64 = ImageBuilder.defaultMaxSize,
    replacing: Bool = false, requireUnused: () async throws -> Void = {}
  ) async throws -> Image {
    if !replacing, (try? store.image(name)) != nil { throw Self.exists(name) }
    let importer = ImageImporter(name, maxSize: maxSize, report: report)
    let shown = if case .file(let path) = source { path } else { "-" }
    let (image, isNew) = try await withContext("cannot import the image '\(name)'") {
      try await store.make(name, rebuild: replacing, requireUnused: requireUnused) { directory in
        report(ProgressReport(name, "copying"))
        let work = "\(directory)/\(Self.workDirectory)"
        try FileTree.makeDirectory(work, mode: 0o700)
        let copy = "\(work)/source"
        let limit = importer.fileLimit
        do {
          // What the owner of the file does to it later shall not matter.
          try await BlockingWork.throwing {
            switch source {
            case .standardInput: _ = try ImageFile.copy(from: STDIN_FILENO, to: copy, limit: limit)
            case .file(let path):
              let file = try ImageFile(path)
              guard file.size <= limit else { throw ImageFile.tooLarge(maxSize) }
              _ = try ImageFile.copy(from: file.descriptor, to: copy, limit: limit)
            }
          }
        } catch let refusal as ImageRefusal {
          throw refusal.explained(shown)
        }
        let claimed = format ?? ImageName.claimedFormat(shown)
        let disk = try await importer.makeDisk(from: copy, shown: shown, claimed: claimed, in: directory)
        return ImageRecord(
          kind: .disk, description: "imported from \(ImageName.lastPart(of: shown))",
          created: Date().formatted(.iso8601), sources: [], files: ["disk": disk.file], diskSize: disk.diskSize,
          origin: ImageRecord.Origin(file: shown, format: disk.format))
      }
    }
    guard isNew else { throw Self.exists(name) }
    return image
  }

  /// Makes the disk of an image of a raw disk that a guest has written and nobody changes; returns it with its size as a guest
  /// sees it. Only root may read it.
  ///
  /// `directory` is the image's; its ``workDirectory`` is removed. Throws as
  /// ``importImage(_:name:format:maxSize:replacing:requireUnused:)`` does, whose checks it makes.
  package func makeDisk(
    ofRaw path: String, image name: String, in directory: String
  ) async throws -> (file: ImageRecord.File, size: UInt64) {
    let made = try await ImageImporter(name, maxSize: .max, isOfGuest: true, report: report).makeDisk(
      from: path, shown: "the disk of image '\(name)'", claimed: .raw, in: directory)
    return (made.file, made.diskSize)
  }

  /// The error where an image is in the way; `alternative` is how its user takes another name.
  package static func exists(_ name: String, alternative: String = "choose another with --name") -> NestorError {
    NestorError(
      .exists, "there is an image '\(name)' already",
      hint: "\(alternative), or replace it with --replace; nestor image info \(name) shows it")
  }
}
