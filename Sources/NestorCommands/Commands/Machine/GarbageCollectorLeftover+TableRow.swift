import CommandLineKit
import NestorCore

extension GarbageCollector.Leftover: TableRow {
  /// The headings.
  package static var columns: [String] { ["KIND", "NAME"] }

  package var cells: [String] { [kind.rawValue, name] }
}
