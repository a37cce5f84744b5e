import CommandLineKit
import NestorCore
import NestorImages
import NestorSupport

/// An image as a row of a list.
struct ImageRow: TableRow {
  static let columns = ["NAME", "KIND", "SIZE", "GUESTS", "CREATED", "DESCRIPTION"]

  let name: String
  let kind: String
  let size: Int64
  let created: String
  let description: String
  let sources: [String]
  let directory: String
  let digest: String
  /// The guests that need it; nil where libvirt could not be asked.
  let guests: [String]?

  init(_ image: Image, guests: [String]?) {
    name = image.name
    kind = image.record.kind.rawValue
    size = image.size
    created = image.record.created
    description = image.record.description
    sources = image.record.sources
    directory = image.directory
    digest = image.digest
    self.guests = guests
  }

  var cells: [String] {
    [name, kind, SizeText.short(size), guests.map { "\($0.count)" } ?? "?", created, description]
  }
}
