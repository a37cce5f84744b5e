import CommandLineKit
import NestorCore
import NestorSupport

extension PrunableImage: TableRow {
  /// The headings.
  package static var columns: [String] { ["KIND", "SIZE", "NAME"] }

  package var cells: [String] { [kind.rawValue, SizeText.short(size), name] }
}
