import CommandLineKit
import NestorCore
import NestorImages
import NestorSupport

/// All that is known of an image.
struct ImageDetails: TableRow {
  static let columns = [
    "NAME", "KIND", "SIZE", "DISK", "CREATED", "DESCRIPTION", "FROM", "CHECKSUM", "FOLDER",
  ]

  let name: String
  let kind: String
  let size: Int64
  let diskSize: UInt64?
  let created: String
  let description: String
  let sources: [String]
  let files: [String: ImageRecord.File]
  let origin: ImageRecord.Origin?
  let directory: String
  let digest: String

  init(_ image: Image) {
    name = image.name
    kind = image.record.kind.rawValue
    size = image.size
    diskSize = image.record.diskSize
    created = image.record.created
    description = image.record.description
    sources = image.record.sources
    files = image.record.files
    origin = image.record.origin
    directory = image.directory
    digest = image.digest
  }

  var cells: [String] {
    let packages = sources.isEmpty ? "-" : "\(sources.count) package\(sources.count == 1 ? "" : "s")"
    let guest = origin?.guest.map { guest in guest.snapshot.map { "\(guest.name)/\($0)" } ?? guest.name }
    let checksum = origin?.checksum.map { $0 + (origin?.isVerified == true ? "" : " (not verified)") }
    return [
      name, kind, SizeText.short(size), diskSize.map { SizeText.short($0) } ?? "-", created,
      description,
      origin?.url ?? origin?.file ?? guest ?? packages, checksum ?? "-", directory,
    ]
  }
}
