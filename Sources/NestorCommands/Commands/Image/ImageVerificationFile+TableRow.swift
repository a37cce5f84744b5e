import CommandLineKit
import NestorImages

extension ImageVerification.File: TableRow {
  /// The headings.
  package static var columns: [String] { ["FILE", "STATE"] }

  package var cells: [String] { [name, problem ?? "good"] }
}
